#!/usr/bin/env bash
# How long the program takes to start: to print its version, and to its first request for a short list.
#
#   Tests/measure-start.sh [ROUNDS=15]
#
# The time of the first request is the one at which a server on loopback has its head. The medians must be under 60 ms and
# 250 ms, else the exit code is 1. JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers rounds=15 -- "$@"
readonly longest_version=60 longest_request=250

# serve LOG: a server that notes in LOG its port, then the time of each request's head in microseconds since 1970.
serve() {
  perl -MIO::Socket::INET -MTime::HiRes=time -e '
    my $server = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 16) or die "no server: $!";
    open my $log, ">", $ARGV[0] or die; $log->autoflush;
    printf $log "%d\n", $server->sockport;
    while (my $client = $server->accept) {
      while (defined(my $line = <$client>)) { last if $line =~ /^\r?\n/ }
      printf $log "%d\n", time * 1e6;
      my $body = q({"webhookUrl":"https://hooks.acme.example/jelou"});
      printf $client "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", length $body, $body;
      close $client;
    }' "$1" &
  server_id=$!
}

server_id=
clean_up_server() {
  [[ -z $server_id ]] || kill "$server_id" 2>/dev/null || true
  clean_up
}
trap clean_up_server EXIT

prepare
require_packages perl-base
write_list 10
serve "$scratch/requests"
for _ in {1..50}; do
  [[ -s $scratch/requests ]] && break
  sleep 0.1
done
base_url=http://127.0.0.1:$(head -n 1 "$scratch/requests")/jelouapi/v1

print_machine
printf '%-10s %s\n\n' Work "start, and the first of 10 projects; median of $rounds"
versions=() requests=()
# The first round, which reads the program from the disk, does not count.
for ((round = 0; round <= rounds; round++)); do
  begin=${EPOCHREALTIME/./}
  "$program" --version >/dev/null
  version=$(calculate "(${EPOCHREALTIME/./} - $begin) / 1000" %.1f)

  seen=$(wc -l <"$scratch/requests")
  rm -rf "$scratch/inventory"
  begin=${EPOCHREALTIME/./}
  JELOU_API_KEY=measurement timeout "$longest_run" "$program" run "$scratch/projects.csv" --base-url "$base_url" \
    --rate 0 --output "$scratch/inventory" --quiet
  request=$(calculate "($(sed -n "$((seen + 1))p" "$scratch/requests") - $begin) / 1000" %.1f)
  ((round == 0)) && continue
  versions+=("$version")
  requests+=("$request")
done
version=$(median %.1f "${versions[@]}")
request=$(median %.1f "${requests[@]}")
printf '%-34s %10s %10s\n' '' 'ms' 'limit, ms' \
  '--version' "$version" "$longest_version" \
  'start to the first request' "$request" "$longest_request"
awk -v version="$version" -v request="$request" -v a="$longest_version" -v b="$longest_request" \
  'BEGIN { exit !(version < a && request < b) }' || stop "The program starts too slowly."
