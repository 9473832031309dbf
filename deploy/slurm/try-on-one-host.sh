#!/bin/bash
# Runs the templates of this folder on a real Slurm: three nodes on one host, one of which dies while it works on its
# part. The part is queued again, goes on from its own folder on another node, and the merged files are compared byte
# for byte with those of one run. Needs root, slurmctld and slurmd built with multiple-slurmd support, and munge
# (Debian: slurm-wlm, munge), and the built program. Everything it starts ends with it.
set -euo pipefail

here=$(dirname "$(realpath "$0")")
root=$(realpath "$here/../..")
work=$(mktemp -d)
config=${1:-$root/configs/demo.yaml}
nodes=3
shards=3
daemons=()

cleanup() {
  for pid in "${daemons[@]}"; do kill -9 "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

step() { echo "== $*"; }

wait_for() {
  local what=$1 tries=$2
  shift 2
  for _ in $(seq "$tries"); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep 0.02
  done
  echo "gave up waiting for $what" >&2
  tail -n 20 "$work"/*.log "$work"/runs/*.log >&2 || true
  exit 1
}

step "a cluster of $nodes nodes on this host"
cpus=$(nproc)
mkdir -p "$work/state" "$work/munge"
chmod 755 "$work"
dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
chmod 400 "$work/munge/key"
chmod 700 "$work/munge"
munged --foreground --force --socket="$work/munge.socket" --key-file="$work/munge/key" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" 2>"$work/munged.log" &
daemons+=($!)
cat >"$work/slurm.conf" <<CONF
ClusterName=trial
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CredType=cred/munge
# A job that is queued again waits until its old credential has expired.
AuthInfo=socket=$work/munge.socket,cred_expire=5
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd-%n.log
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
JobRequeue=1
ReturnToService=1
SlurmdTimeout=10
MessageTimeout=5
SchedulerParameters=sched_interval=2
NodeName=n[1-$nodes] NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=[16821-$((16820 + nodes))] CPUs=$cpus RealMemory=10000
PartitionName=all Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP
CONF
export SLURM_CONF=$work/slurm.conf
wait_for "munge" 500 munge --socket="$work/munge.socket" --no-input
slurmctld -D -f "$SLURM_CONF" 2>/dev/null &
daemons+=($!)
declare -A slurmd
for node in $(seq 1 $nodes); do
  mkdir -p "$work/spool-n$node"
  # A node is a pid namespace: when its first process is killed, everything on the node is gone at once.
  unshare --pid --fork --kill-child --mount-proc slurmd -D -N "n$node" -f "$SLURM_CONF" 2>/dev/null &
  slurmd[n$node]=$!
  daemons+=($!)
done
all_idle() { [ "$(sinfo --noheader --Node --format=%t | grep -c '^idle$')" = $nodes ]; }
wait_for "idle nodes" 1500 all_idle
sinfo --Node

step "one run without shards, to compare with"
export IMAGENET_EVAL="node $root/dist/cli/main.js"
# One image at a time, so that there is time to kill.
export RUN_ARGS="--no-cache --batch 1"
whole=$work/whole
# shellcheck disable=SC2086 # several words
$IMAGENET_EVAL run "$config" --out "$whole" --workers 1 $RUN_ARGS >"$work/whole.log" 2>&1

step "submit.sh: $shards parts and the merge"
answer=$("$here/submit.sh" "$config" "$work/runs" $shards --cpus-per-task=1 --mem=4G --exclusive)
read -r _ array _ merge <<<"$answer"
echo "$answer"

step "the node of part 2 dies in the middle of its work"
journal=$work/runs/shard-2/journal.jsonl
running() { squeue --noheader --job="${array}_2" --states=RUNNING --format=%N | grep -q n; }
wait_for "part 2 to start" 3000 running
victim=$(squeue --noheader --job="${array}_2" --format=%N)
begun() { [ "$(wc -l <"$journal")" -ge 12 ]; }
wait_for "part 2 to begin" 3000 begun
kill -9 "${slurmd[$victim]}"
sleep 0.2
kept=$(grep -c '"sha256"' "$journal")
echo "node $victim is dead; part 2 had kept $kept images"

step "Slurm queues part 2 again, and it goes on"
ended() { [ -z "$(squeue --noheader --job="$array,$merge" 2>/dev/null)" ]; }
wait_for "the jobs to end" 10000 ended
restarts=$(scontrol show job "${array}_2" | sed -n 's/.*Restarts=\([0-9]*\).*/\1/p')
echo "restarts of part 2: $restarts"
scontrol show job "${array}_2" | grep -E 'JobState|NodeList=n'
[ "$restarts" -ge 1 ]
grep -E 'predictions came from' "$work/runs/shard-2.log"
cat "$work/runs/merge.log"

step "the merged files are those of one run"
for file in "$whole"/predictions/*.csv "$whole"/images.csv "$whole"/classes.csv "$whole"/flips.csv; do
  cmp "$file" "$work/runs/report/${file#"$whole"/}"
  echo "same bytes: ${file#"$whole"/}"
done
echo "passed"
