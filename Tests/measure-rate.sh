#!/usr/bin/env bash
# Whether a rate is used to the full and never exceeded, as the server sees it.
#
#   Tests/measure-rate.sh [RATE=200] [PROJECTS=2000]
#
# One nginx worker on loopback notes the time of every answer to the millisecond.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
rate=${1:-200}
projects=${2:-2000}
whole_number RATE "$rate"
whole_number PROJECTS "$projects"
burst=1

prepare
# shellcheck disable=SC2016 # a variable of nginx
start_nginx '$msec'
write_list "$projects"
figures=$(measure --rate "$rate" --burst "$burst")
read -r wall _ <<<"$figures"

requests=$(wc -l <"$scratch/access.log")
# The most requests in any second, wherever it begins: from each request back to those less than 1000 ms before it.
busiest=$(tr -d . <"$scratch/access.log" | sort -n | awk '
  {
    time[NR] = $1
    while ($1 - time[first + 1] >= 1000) first++
    if (NR - first > most) most = NR - first
  }
  END { print most }')
ideal=$(calculate "$requests / $rate")

print_machine
printf '%-10s %s\n\n' Work "$projects projects at $rate requests a second, burst $burst"
printf '%-34s %10s\n' \
  'requests' "$requests" \
  'wall time, s' "$wall" \
  'requests / rate, s' "$ideal" \
  'wall time above that, %' "$(calculate "($wall / $ideal - 1) * 100")" \
  'most requests in one second' "$busiest" \
  'allowed (rate + burst)' "$((rate + burst))"
