#!/usr/bin/env bash
# What a quiet machine with many cores is asked, in under 150 s: start-up, prepared images on two of its cores, efficiency
# at 1 to 16 workers, and 16 to 64 sleeping ones. From what pack.sh left in .device/; SHARED as in device.sh. Tables go to
# standard output and to $OUT. ROUNDS: of the prepared images, 50 s each; default 2.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD
. bench/many-cores/unpack.sh
out=${OUT:-$here/reports/bench}
mkdir -p "$out"
networks=(--images "$shared/imagenet/images" --float "$shared/models/hardnet39ds.onnx")
{
  date -u; nproc; grep -m1 'model name' /proc/cpuinfo; uptime
  ./node dist/bench/bench/start-up/main.js --rounds 5
  taskset -c 0,1 ./node dist/bench/bench/start-up/main.js --rounds 5
  ./node dist/bench/bench/many-cores/main.js "${networks[@]}" --plain --per-worker 150 --out "$out" 2>/dev/null
  REPORT=none taskset -c 0,1 ./node dist/bench/bench/main.js "${networks[@]}" \
    --int8 "$shared/models/hardnet39ds_qdq_int8.onnx" --parts prepared --rounds "${ROUNDS:-2}"
  date -u
} 2>&1 | tee "$out/large-machine.txt"
