# Sourced in the repository's root: unpacks .device/ into a scratch folder and goes there; `shared` is the folder with
# imagenet/images and models (SHARED; default: shared, else ../shared).
shared=${SHARED:-$([ -d shared/models ] && echo shared || echo ../shared)}
shared=$(cd "$shared" && pwd)
work=$(mktemp -d)
unpack() { # a machine may lack xz
  xz -dc "$1" 2>/dev/null || python3 -c "import lzma,sys,shutil; shutil.copyfileobj(lzma.open(sys.argv[1]), sys.stdout.buffer)" "$1"
}
unpack .device/app.tar.xz | tar -x -C "$work"
unpack .device/node.xz > "$work/node"
chmod +x "$work/node"
mkdir -p "$work/node_modules" && ln -sfn ../packages/pixels "$work/node_modules/reference-pixels"
cd "$work"
