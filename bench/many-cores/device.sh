#!/usr/bin/env bash
# Measures bench/many-cores on a machine without network or Node, from what pack.sh left in .device/. SHARED: the folder
# with imagenet/images and models (default: shared, else ../shared). Writes many-cores.{md,json} to $OUT; under 4 minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
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
nproc; lscpu | grep -E 'Model name|NUMA|Socket|Thread' || true
./node dist/bench/bench/many-cores/main.js --images "$shared/imagenet/images" --float "$shared/models/hardnet39ds.onnx" \
  --workers "${WORKERS:-1,2,4,8,16}" --sleepers "${SLEEPERS:-16,32,64}" --per-worker "${PER_WORKER:-250}" --out "${OUT:-$here/reports/bench}"
