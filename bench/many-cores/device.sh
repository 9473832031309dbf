#!/usr/bin/env bash
# Measures bench/many-cores on a machine without network or Node, from what pack.sh left in .device/. SHARED: the folder
# with imagenet/images and models (default: shared, else ../shared). Writes many-cores.{md,json} to $OUT; under 4 minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
shared=${SHARED:-$([ -d shared/models ] && echo shared || echo ../shared)}
shared=$(cd "$shared" && pwd)
work=$(mktemp -d)
tar -xzf .device/app.tgz -C "$work"
xz -dc .device/node.xz > "$work/node" 2>/dev/null ||
  python3 -c "import lzma,sys,shutil; shutil.copyfileobj(lzma.open('.device/node.xz'), open(sys.argv[1],'wb'))" "$work/node"
chmod +x "$work/node"
mkdir -p "$work/node_modules" && ln -sfn ../packages/pixels "$work/node_modules/reference-pixels"
cd "$work"
nproc; lscpu | grep -E 'Model name|NUMA|Socket|Thread' || true
./node dist/bench/bench/many-cores/main.js --images "$shared/imagenet/images" --float "$shared/models/hardnet39ds.onnx" \
  --workers "${WORKERS:-1,2,4,8,16}" --per-worker "${PER_WORKER:-250}" --out "${OUT:-$here/reports/bench}"
