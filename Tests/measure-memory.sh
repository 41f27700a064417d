#!/usr/bin/env bash
# Whether the memory grows with the list.
#
#   Tests/measure-memory.sh [SMALL=10000] [LARGE=1000000]
#
# 32 requests in flight without a rate limit against one nginx worker on loopback, all three reports and the database
# included. The large list takes minutes, and about a gigabyte of disk in the temporary folder.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers small=10000 large=1000000 -- "$@"

prepare
start_nginx off

print_machine
printf '%-10s %s\n\n' Work "32 in flight, no rate limit; CSV, JSON Lines, HTML and database"
printf '%9s %10s %9s %9s %21s\n' projects 'peak MiB' 'wall s' 'CPU s' 'database bytes a row'
peaks=()
for projects in "$small" "$large"; do
  write_list "$projects"
  figures=$(measure --rate 0 --concurrency 32)
  read -r wall cpu peak database <<<"$figures"
  peaks+=("$peak")
  printf '%9s %10s %9s %9s %21s\n' "$projects" "$(calculate "$peak / 1024" %.1f)" "$wall" "$cpu" \
    "$(calculate "$database / $projects" %.0f)"
done
printf '\npeak memory of the large list over that of the small one: %s\n' "$(calculate "${peaks[1]} / ${peaks[0]}")"
