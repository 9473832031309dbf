#!/usr/bin/env bash
# Measures bench/many-cores on a machine without network or Node, from what pack.sh left in .device/. SHARED: the folder
# with imagenet/images and models (default: shared, else ../shared). Writes many-cores.{md,json} to $OUT; under 4 minutes.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
. bench/many-cores/unpack.sh
nproc; lscpu | grep -E 'Model name|NUMA|Socket|Thread' || true
./node dist/bench/bench/many-cores/main.js --images "$shared/imagenet/images" --float "$shared/models/hardnet39ds.onnx" \
  --workers "${WORKERS:-1,2,4,8,16}" --sleepers "${SLEEPERS:-16,32,64}" --per-worker "${PER_WORKER:-250}" --out "${OUT:-$here/reports/bench}"
