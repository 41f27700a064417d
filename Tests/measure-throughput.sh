#!/usr/bin/env bash
# How fast, and with how much CPU time, the program works off a list without a rate limit, and lists of the same length that
# name each project twice, and a thousand times.
#
#   Tests/measure-throughput.sh [ROWS=20000] [ROUNDS=5]
#
# 32 requests in flight against one nginx worker on loopback, all three reports and the database included. A list that
# repeats its projects must take less than 1.5 times as long as the one that does not, else the exit code is 1.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers rows=20000 rounds=5 -- "$@"
readonly most=1.5

prepare
start_nginx off

print_machine
printf '%-10s %s\n' Work "$rows rows, 32 in flight, no rate limit; CSV, JSON Lines, HTML and database"
plain= slow=
for repetitions in 1 2 1000; do
  projects=$(((rows + repetitions - 1) / repetitions))
  write_list "$rows" "$projects"
  printf '\n%-10s %s\n' List "$projects projects, each in $repetitions of $rows rows"
  printf '%6s %9s %9s %14s %10s\n' round 'wall s' 'CPU s' 'CPU us a row' 'peak MiB'
  walls=() cpus=() costs=() peaks=()
  for ((round = 1; round <= rounds; round++)); do
    figures=$(measure --rate 0 --concurrency 32)
    read -r wall cpu peak _ <<<"$figures"
    walls+=("$wall")
    cpus+=("$cpu")
    costs+=("$(calculate "$cpu * 1000000 / $rows" %.1f)")
    peaks+=("$(calculate "$peak / 1024" %.1f)")
    printf '%6s %9s %9s %14s %10s\n' "$round" "$wall" "$cpu" "${costs[-1]}" "${peaks[-1]}"
  done
  wall=$(median %.2f "${walls[@]}")
  printf '%6s %9s %9s %14s %10s\n' median "$wall" "$(median %.2f "${cpus[@]}")" "$(median %.1f "${costs[@]}")" \
    "$(median %.1f "${peaks[@]}")"
  plain=${plain:-$wall}
  if [[ $(calculate "$wall >= $most * $plain" %d) == 1 ]]; then slow=yes; fi
done
[[ -z $slow ]] || stop "A list that repeats its projects takes $most times as long as one that does not, or longer."
