#!/usr/bin/env bash
# Whether a rate is used to the full and never exceeded, as the server sees it: at 20, 200 and 2,000 requests a second, by
# a gateway that answers after 5 ms and after 500 ms.
#
#   Tests/measure-rate.sh [SECONDS=60]
#
# SECONDS are how long each run asks. One nginx worker on loopback notes when every request came, to the millisecond. Fails
# when the time from the first request to the last is over 1 % longer than the rate allows, or a second sees more
# requests than the rate and the burst.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers seconds=60 -- "$@"
readonly burst=1

require_packages libnginx-mod-http-echo
prepare
print_machine
printf '%-10s %s\n\n' Work "$seconds s at each rate, burst $burst"
printf '%8s %10s %9s %10s %11s %11s %9s %8s %9s\n' 'rate/s' 'latency ms' 'requests' 'in flight' 'asking s' 'too long %' \
  'wall s' 'busiest' 'allowed'
failures=0
for latency in 5 500; do
  # shellcheck disable=SC2034 # for start_nginx
  delay=$(calculate "$latency / 1000" %.3f)
  # shellcheck disable=SC2016 # variables of nginx
  start_nginx '$msec $request_time'
  for rate in 20 200 2000; do
    write_list $((rate * seconds))
    : >"$scratch/access.log"
    # As many as are under way at that rate, and some to spare.
    in_flight=$((rate * latency * 3 / 2000 + 8))
    figures=$(measure --rate "$rate" --burst "$burst" --concurrency "$in_flight")
    read -r wall _ <<<"$figures"
    # When each request came, in ms; then the time between the first and the last, and the most in any second, wherever it
    # begins: from each back to those less than 1000 ms before it.
    read -r requests asking busiest < <(awk '{ printf "%.0f\n", ($1 - $2) * 1000 }' "$scratch/access.log" | sort -n | awk '
      {
        time[NR] = $1
        while ($1 - time[first + 1] >= 1000) first++
        if (NR - first > most) most = NR - first
      }
      END { printf "%d %.3f %d\n", NR, (time[NR] - time[1]) / 1000, most }')
    excess=$(calculate "($asking / (($requests - 1) / $rate) - 1) * 100")
    printf '%8s %10s %9s %10s %11s %11s %9s %8s %9s\n' "$rate" "$latency" "$requests" "$in_flight" "$asking" "$excess" \
      "$wall" "$busiest" "$((rate + burst))"
    if [[ $busiest -gt $((rate + burst)) || $(calculate "$excess > 1" %d) -eq 1 ]]; then failures=$((failures + 1)); fi
  done
  stop_nginx
done
[[ $failures -eq 0 ]] || stop "$failures of the measurements are beyond their limits."
