#!/bin/bash
# Spreads a run over a Slurm cluster: submit.sh CONFIG RUNS SHARDS [options of sbatch for the shards]
# RUNS is a folder that every node sees; the report is in RUNS/report. Giving the same command again finishes what did
# not end; parts that are done take a second each.
set -euo pipefail

if [ $# -lt 3 ]; then
  sed -n '2,4s/^# //p' "$0" >&2
  exit 2
fi
CONFIG=$(realpath "$1")
mkdir -p "$2"
RUNS=$(realpath "$2")
SHARDS=$3
shift 3
export CONFIG RUNS SHARDS

here=$(dirname "$(realpath "$0")")
array=$(sbatch --parsable --array="1-$SHARDS" --output="$RUNS/shard-%a.log" "$@" "$here/shard.sbatch")
merge=$(sbatch --parsable --dependency="afterok:$array" --kill-on-invalid-dep=yes --output="$RUNS/merge.log" \
  "$here/merge.sbatch")
echo "array $array merge $merge"
