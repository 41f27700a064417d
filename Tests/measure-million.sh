#!/usr/bin/env bash
# What a list of a million rows takes at each stage, beside the sqlite3 shell at the same work.
#
#   Tests/measure-million.sh [ROWS=1000000]
#
# 32 requests in flight against one nginx worker on loopback, without a rate limit. One row in a thousand is then
# opened again, to see how soon a resumed run asks. A list of 10,000 rows shows whether time grows with the rows alone.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers rows=1000000 -- "$@"

require_packages sqlite3
prepare
# shellcheck disable=SC2016 # a variable of nginx
start_nginx '$msec'

now() { date +%s.%N; }

# timed COMMAND...: prints its wall time in seconds.
timed() {
  local start
  start=$(now)
  "$@" >/dev/null
  calculate "$(now) - $start"
}

# until_first_request OPTION...: starts a run, prints how long it took to ask, and kills it.
until_first_request() {
  local start run_id
  : >"$scratch/access.log"
  start=$(now)
  JELOU_API_KEY=measurement "$program" run "$scratch/projects.csv" --base-url "$base_url" --rate 100 --progress none \
    --output "$scratch/inventory" "$@" >/dev/null 2>"$scratch/messages" &
  run_id=$!
  until [[ -s $scratch/access.log ]]; do
    kill -0 "$run_id" 2>/dev/null || stop "The run failed: $(tail -n 3 "$scratch/messages")"
    sleep 0.1
  done
  calculate "$(head -n 1 "$scratch/access.log") - $start"
  kill -KILL "$run_id"
  wait "$run_id" 2>/dev/null || true
}

line() { printf '%-58s %10s %10s %8s\n' "$@"; }

write_list 10000
read -r small_wall _ small_peak _ <<<"$(measure --rate 0 --concurrency 32)"
write_list "$rows"

print_machine
printf '%-10s %s\n\n' Work "$rows rows, 32 in flight"
line stage measured shell ratio

import=$(timed sqlite3 "$scratch/import.db" '.mode csv' ".import '$scratch/projects.csv' projects")
rm "$scratch/import.db"
rm -rf "$scratch/inventory"
listed=$(until_first_request)
line 'list to ledger and first request, s; shell: .import' "$listed" "$import" "$(calculate "$listed / $import")"

read -r wall cpu peak bytes <<<"$(measure --rate 0 --concurrency 32)"
line 'whole run, s' "$wall" '' ''
line 'CPU, us a project' "$(calculate "$cpu * 1000000 / $rows" %.1f)" '' ''
line 'time a row against 10,000 rows' '' '' "$(calculate "($wall / $rows) / ($small_wall / 10000)")"
line 'peak memory, MiB; of 10,000 rows' "$(calculate "$peak / 1024" %.1f)" "$(calculate "$small_peak / 1024" %.1f)" \
  "$(calculate "$peak / $small_peak")"
line 'database, bytes a row' "$(calculate "$bytes / $rows" %.0f)" '' ''

database=$scratch/inventory/inventory.db
reports=$(timed "$program" report --database "$database" --output "$scratch/reports" --format csv,jsonl --quiet)
printed=$(timed sqlite3 -csv -header "$database" 'SELECT * FROM latest')
line 'CSV and JSON Lines, s; shell: printing the table' "$reports" "$printed" "$(calculate "$reports / $printed")"

sqlite3 "$database" "UPDATE results SET outcome = 'skipped', error_code = 'interrupted', error_message = 'Interrupted.',
  attempts = 0 WHERE line % 1000 = 2; UPDATE runs SET state = 'interrupted'"
line 'resumed with 1 in 1,000 rows open, to the first request, s' "$(until_first_request --resume)" '' ''
