#!/usr/bin/env bash
# How fast, and with how much CPU time, the program works off a list without a rate limit.
#
#   Tests/measure-throughput.sh [PROJECTS=20000] [ROUNDS=5]
#
# 32 requests in flight against one nginx worker on loopback, all three reports and the database included.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers projects=20000 rounds=5 -- "$@"

prepare
start_nginx off
write_list "$projects"

print_machine
printf '%-10s %s\n\n' Work "$projects projects, 32 in flight, no rate limit; CSV, JSON Lines, HTML and database"
printf '%6s %9s %9s %18s %10s\n' round 'wall s' 'CPU s' 'CPU us a project' 'peak MiB'
walls=() cpus=() costs=() peaks=()
for ((round = 1; round <= rounds; round++)); do
  figures=$(measure --rate 0 --concurrency 32)
  read -r wall cpu peak _ <<<"$figures"
  walls+=("$wall")
  cpus+=("$cpu")
  costs+=("$(calculate "$cpu * 1000000 / $projects" %.1f)")
  peaks+=("$(calculate "$peak / 1024" %.1f)")
  printf '%6s %9s %9s %18s %10s\n' "$round" "$wall" "$cpu" "${costs[-1]}" "${peaks[-1]}"
done
printf '%6s %9s %9s %18s %10s\n' median "$(median %.2f "${walls[@]}")" "$(median %.2f "${cpus[@]}")" \
  "$(median %.1f "${costs[@]}")" "$(median %.1f "${peaks[@]}")"
