#!/usr/bin/env bash
# Runs samples/cluster/slurm.sh as a job array of a real Slurm on this machine: kills one task in the middle, runs it again,
# merges the shards, and holds the reports against those of a run that was not divided. Where Slurm can't run, it says so.
# JELOU_INVENTORY_BINARY=PATH tests that program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh
program=$(realpath "${JELOU_INVENTORY_BINARY:-.build/debug/jelou-inventory}")
unset "${!JELOU_@}" "${!SLURM_@}" "${!SBATCH_@}"

repository=$PWD
readonly repository
work=$(mktemp --directory)
readonly work
processes=()

skip() {
  say "Skipped: a job array of Slurm: $*"
  exit 0
}

# Ends what was started here, newest first.
clean_up() {
  local index process
  for ((index = ${#processes[@]} - 1; index >= 0; index--)); do
    process=${processes[index]}
    kill "$process" 2>/dev/null || continue
    for _ in {1..50}; do
      kill -0 "$process" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL "$process" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# wait_until SECONDS COMMAND...: until the command succeeds.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [[ $SECONDS -lt $end ]] || return 1
    sleep 0.2
  done
}

[[ $(id -u) -eq 0 ]] || skip "slurmd has to be started by root"
for command in munged mungekey slurmctld slurmd sbatch scontrol scancel squeue runuser; do
  command -v "$command" >/dev/null || skip "there is no $command (Debian's packages slurm-wlm and munge)"
done
id munge >/dev/null 2>&1 || skip "there is no user munge"

# Munge, by which the parts of Slurm trust each other, in a place of its own.
chmod 755 "$work"
mkdir "$work/munge" "$work/ctld" "$work/slurmd"
chown munge: "$work/munge"
runuser -u munge -- mungekey --create --keyfile="$work/munge/key"
runuser -u munge -- munged --foreground --force --socket="$work/munge/socket" --key-file="$work/munge/key" \
  --pid-file="$work/munge/pid" --log-file="$work/munge/log" --seed-file="$work/munge/seed" >/dev/null 2>&1 &
processes+=($!)
wait_until 10 test -S "$work/munge/socket" || skip "munged does not start: $(tail -n 1 "$work/munge/log")"

host=$(hostname -s)
export SLURM_CONF=$work/slurm.conf
cat >"$SLURM_CONF" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/ctld
SlurmdSpoolDir=$work/slurmd
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/slurmd.log
SlurmctldPort=16817
SlurmdPort=16818
# Eight tasks at a time, however many processors there are.
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
KillWait=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=8 RealMemory=4000 State=UNKNOWN
PartitionName=p Nodes=$host Default=YES MaxTime=UNLIMITED State=UP
CONF
slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 &
processes+=($!)
slurmd -D -f "$SLURM_CONF" >/dev/null 2>&1 &
processes+=($!)
is_idle() { [[ $(sinfo --noheader --format=%T) == idle ]]; }
wait_until 30 is_idle || skip "slurmctld and slurmd do not start: $(tail -qn 1 "$work"/*.log | tr '\n' ' ')"

# The gateway: every task and the run that is not divided ask the same one, and it answers at any time the same.
# shellcheck disable=SC2016 # nginx's own variables
printf '%s\n' "pid $work/nginx.pid;" "error_log $work/nginx.log;" 'events {}' 'http {' "access_log $work/access.log;" \
  'server { listen 127.0.0.1:16819;' \
  'default_type application/json;' \
  'location ~ "[05]/|[05]$" { return 404 '"'"'{"message":["Integration not found"],"status":0}'"'"'; }' 'location ~ "7$" { return 403; }' \
  'location / { default_type application/json; return 200 '"'"'{"webhookUrl":"https://hooks.example.com$uri"}'"'"'; } } }' \
  >"$work/nginx.conf"
nginx -c "$work/nginx.conf" -g 'daemon off;' >/dev/null 2>&1 &
processes+=($!)
readonly gateway=http://127.0.0.1:16819/jelouapi/v1
answers() { (exec 3<>/dev/tcp/127.0.0.1/16819); }
wait_until 10 answers || stop "nginx does not start: $(tail -n 1 "$work/nginx.log")"

mkdir "$work/jobs"
cd "$work/jobs"
PATH=$(dirname "$program"):$PATH
export PATH
umask 077
echo any-key >key
{
  echo project_id,owner
  for number in {1..480}; do echo "project-$number,owner $((number % 7))"; done
  printf '%s\n' ..,nobody project-3,again ,nobody project-33,again
} >list.csv
options=(list.csv --base-url "$gateway" --api-key-file key --concurrency 4)

array=$(sbatch --parsable "$repository/samples/cluster/slurm.sh" "${options[@]}" --rate 64/s)
# Killed for real, with some of its rows answered.
is_under_way() { [[ $(sqlite3 -readonly shards/3/inventory.db 'SELECT count(*) FROM results WHERE attempts > 0') -ge 5 ]]; }
wait_until 30 is_under_way || stop "Task 3 does not begin: $(tail -n 2 inventory-"$array"_3.log)"
kill -KILL "$(sed -n 's/^process \([0-9]*\),.*/\1/p' shards/3/inventory.db-lock)"
has_ended() { [[ -z $(squeue --noheader --jobs "$array") ]]; }
wait_until 60 has_ended || stop "The array does not end: $(squeue --jobs "$array")"
merge() { jelou-inventory merge shards/*/inventory.db -o inventory "$@"; }
merge --quiet 2>errors && stop "What was killed has been merged."
[[ $? -eq 65 && $(<errors) == *"shard 4/8 (shards/3/inventory.db) is not finished; run it again with --shard 4/8 --resume"* ]] \
  || stop "merge does not tell which shard to run again: $(<errors)"
answered=$(sqlite3 -readonly shards/3/inventory.db 'SELECT count(*) FROM results WHERE attempts > 0')

scontrol requeue "${array}_3"
# Slurm gives a node two minutes before it runs a job again.
scontrol update JobId="${array}_3" StartTime=now
is_finished() { [[ $(sqlite3 -readonly shards/3/inventory.db 'SELECT state FROM runs') == finished ]]; }
wait_until 60 is_finished || stop "Task 3 does not go on: $(tail -n 2 inventory-"$array"_3.log)"
wait_until 30 has_ended || stop "The array does not end again."
grep --quiet 'continuing run 1' inventory-"$array"_3.log || stop "Task 3 has begun anew."
[[ $(sqlite3 -readonly shards/3/inventory.db "SELECT shard, count(*) FROM runs") == "4/8|1" ]] || stop "Task 3 is not shard 4/8."

# A task that is submitted once more by itself must not take the whole list.
alone=$(sbatch --parsable --array=3 "$repository/samples/cluster/slurm.sh" "${options[@]}" --rate 64/s)
wait_alone() { [[ -z $(squeue --noheader --jobs "$alone") ]]; }
wait_until 30 wait_alone || stop "The task by itself does not end."
grep --quiet 'the Slurm array has only task 3' inventory-"$alone"_3.log || stop "A task by itself was taken for a shard: $(<inventory-"$alone"_3.log)"

status=0
merge --quiet || status=$?
[[ $status -eq 2 ]] || stop "merge ended with $status."
status=0
jelou-inventory run "${options[@]}" --rate 64/s --quiet --burst 64 -o whole || status=$?
[[ $status -eq 2 ]] || stop "The run that is not divided ended with $status."

# The same but for times, and for the requests that the killed task had under way.
for folder in inventory whole; do
  sqlite3 "$folder/inventory.db" "
    UPDATE runs SET started_at = '2026-01-01T00:00:00.000Z', finished_at = '2026-01-01T00:01:00.000Z', requests = 0, responses = 0;
    UPDATE results SET attempts = min(attempts, 1), duration_ms = CASE WHEN duration_ms IS NOT NULL THEN 1 END,
      fetched_at = CASE WHEN fetched_at IS NOT NULL THEN '2026-01-01T00:00:30.000Z' END"
  jelou-inventory report --database "$folder/inventory.db" -o "$folder-plain" --quiet
done
diff --recursive --brief inventory-plain whole-plain || stop "The merged reports are not those of one run."
rows=$(($(wc -l <whole-plain/inventory.jsonl)))
[[ $rows -eq 484 ]] || stop "The reports have $rows rows."
say "Slurm: 8 tasks, one killed with $answered rows answered and requeued; $rows rows merged as from one run."
