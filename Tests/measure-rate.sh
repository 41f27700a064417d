#!/usr/bin/env bash
# Whether a rate is used to the full and never exceeded, as the server sees it: at 20, 200 and 2,000 requests a second, by
# a gateway that answers after 5 ms and after 500 ms.
#
#   Tests/measure-rate.sh [SECONDS=60]
#
# SECONDS are how long each run asks. The kernel notes when every request comes to the server's socket, one nginx worker on
# loopback, to the microsecond: tcpdump reads it, and needs root. Fails when the time from the first request to the last
# is over 1 % longer than the rate allows, or a second sees more requests than the rate and the burst.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers seconds=60 -- "$@"
readonly burst=1

require_packages libnginx-mod-http-echo tcpdump
[[ $(id -u) -eq 0 ]] || stop "tcpdump needs root."
prepare
capture_id=
# `trap clean_up EXIT` of measuring.sh ends nginx.
trap 'stop_capture; clean_up' EXIT

# Each request is one packet that begins with its method.
start_capture() {
  tcpdump --interface lo --buffer-size 65536 --snapshot-length 96 -w "$scratch/capture" \
    "tcp dst port $1 and tcp[(tcp[12] >> 4) * 4 : 4] = 0x47455420" 2>"$scratch/capture.messages" &
  capture_id=$!
  for _ in {1..100}; do
    if grep --quiet 'listening on' "$scratch/capture.messages"; then return; fi
    sleep 0.1
  done
  stop "tcpdump did not start: $(tail -n 1 "$scratch/capture.messages")"
}

stop_capture() {
  if [[ -z $capture_id ]]; then return; fi
  # The kernel hands over what it has noted within a second.
  sleep 1.5
  kill -INT "$capture_id" 2>/dev/null || true
  wait "$capture_id" || true
  capture_id=
}

print_machine
printf '%-10s %s\n\n' Work "$seconds s at each rate, burst $burst"
printf '%8s %10s %9s %10s %11s %11s %9s %8s %9s\n' 'rate/s' 'latency ms' 'requests' 'in flight' 'asking s' 'too long %' \
  'wall s' 'busiest' 'allowed'
failures=0
for latency in 5 500; do
  # shellcheck disable=SC2034 # for start_nginx
  delay=$(calculate "$latency / 1000" %.3f)
  start_nginx off
  port=${base_url#http://127.0.0.1:}
  port=${port%%/*}
  for rate in 20 200 2000; do
    write_list $((rate * seconds))
    # As many as are under way at that rate, and some to spare.
    in_flight=$((rate * latency * 3 / 2000 + 8))
    start_capture "$port"
    figures=$(measure --rate "$rate" --burst "$burst" --concurrency "$in_flight")
    read -r wall _ <<<"$figures"
    stop_capture
    grep --quiet '^0 packets dropped by kernel' "$scratch/capture.messages" || stop "tcpdump has not seen every request."
    # The time between the first and the last, and the most in any second, wherever it begins: from each back to those less
    # than a second before it.
    read -r requests asking busiest < <(tcpdump -r "$scratch/capture" -tt -n -q 2>/dev/null | awk '
      NR == 1 { begin = int($1) }
      {
        time[NR] = int(($1 - begin) * 1000000 + 0.5)
        while (time[NR] - time[first + 1] >= 1000000) first++
        if (NR - first > most) most = NR - first
      }
      END { printf "%d %.3f %d\n", NR, (time[NR] - time[1]) / 1000000, most }')
    [[ $requests -eq $((rate * seconds)) ]] || stop "$requests requests came, not $((rate * seconds))."
    excess=$(calculate "($asking / (($requests - 1) / $rate) - 1) * 100")
    printf '%8s %10s %9s %10s %11s %11s %9s %8s %9s\n' "$rate" "$latency" "$requests" "$in_flight" "$asking" "$excess" \
      "$wall" "$busiest" "$((rate + burst))"
    if [[ $busiest -gt $((rate + burst)) || $(calculate "$excess > 1" %d) -eq 1 ]]; then failures=$((failures + 1)); fi
  done
  stop_nginx
done
[[ $failures -eq 0 ]] || stop "$failures of the measurements are beyond their limits."
