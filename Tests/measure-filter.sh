#!/usr/bin/env bash
# Whether rows that are streamed to standard output come soon, and take no memory.
#
#   Tests/measure-filter.sh [SMALL=10000] [LARGE=200000]
#
# 32 requests in flight without a rate limit against one nginx worker on loopback; JSON Lines as answers come, in the list's
# order, and for a reader that sleeps ten seconds after the first row.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers small=10000 large=200000 -- "$@"

prepare
start_nginx off

# stream READER OPTION...: pipes the rows of $scratch/projects.csv into a reader. Prints wall and CPU time in seconds, peak
# memory in KiB, milliseconds to the first row, and the rows.
stream() {
  local reader=$1 begin=${EPOCHREALTIME/./} wall user system peak first rows
  shift
  JELOU_API_KEY=measurement command time --format '%e %U %S %M' --output "$scratch/figures" \
    timeout --foreground "$longest_run" "$program" run "$scratch/projects.csv" --base-url "$base_url" --rate 0 \
    --concurrency 32 --format jsonl --output - --quiet "$@" | {
    IFS= read -r _
    first=$(calculate "(${EPOCHREALTIME/./} - $begin) / 1000" %.0f)
    $reader
    printf '%s %s\n' "$first" "$(($(wc -l) + 1))"
  } >"$scratch/reader"
  read -r wall user system peak <"$scratch/figures"
  read -r first rows <"$scratch/reader"
  printf '%s %s %s %s %s\n' "$wall" "$(calculate "$user + $system")" "$peak" "$first" "$rows"
}

print_machine
printf '%-10s %s\n\n' Work "32 in flight, no rate limit; JSON Lines to a pipe, a temporary database"
printf '%-22s %9s %10s %9s %9s %13s %9s\n' how projects 'peak MiB' 'wall s' 'CPU s' 'first row ms' rows
for projects in "$small" "$large"; do
  write_list "$projects"
  for how in 'as answers come' ordered 'slow reader'; do
    reader=true options=()
    case $how in
      ordered) options=(--ordered) ;;
      'slow reader') reader='sleep 10' ;;
    esac
    figures=$(stream "$reader" "${options[@]}")
    read -r wall cpu peak first rows <<<"$figures"
    printf '%-22s %9s %10s %9s %9s %13s %9s\n' "$how" "$projects" "$(calculate "$peak / 1024" %.1f)" "$wall" "$cpu" \
      "$first" "$rows"
  done
done
