#!/usr/bin/env bash
# Whether memory grows with the list, with what the list or the answers repeat, or with how long values are.
#
#   Tests/measure-memory.sh [SMALL=10000] [LARGE=1000000] [WEBHOOKS=1500]
#
# 32 requests in flight without a rate limit against one nginx worker on loopback: once with the three reports and the
# database, once with JSON Lines on standard output. The ratios are to the small list. A large list takes minutes, and
# about a gigabyte of disk in the temporary folder; WEBHOOKS projects share a webhook of 900 KB. Fails when a ratio is above
# 1.3. JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers small=10000 large=1000000 webhooks=1500 -- "$@"

readonly most=1.3

prepare
start_nginx off
(umask 077 && printf 'name,api_key\nacme,measurement-2\n' >"$scratch/keys.csv")

# write_repeated ROWS PROJECTS: a list of that many rows, which names each project as often as the others.
write_repeated() {
  awk -v rows="$1" -v projects="$2" 'BEGIN {
    print "project_id,owner,team,plan"
    for (row = 0; row < rows; row++) printf "65a1%020x,Lucía Fernández,Ventas,growth\n", row % projects
  }' >"$scratch/projects.csv"
}

# write_unknown_credentials ROWS: a list whose rows each name a credential that there is not.
write_unknown_credentials() {
  awk -v rows="$1" 'BEGIN {
    print "project_id,credential"
    for (row = 0; row < rows; row++) printf "65a1%020x,sales team %d\n", row, row
  }' >"$scratch/projects.csv"
}

# peak_of OUTPUT FORMATS OPTION...: takes the inventory of $scratch/projects.csv. Prints wall time in seconds and peak
# memory in KiB.
peak_of() {
  local output=$1 formats=$2 status=0
  shift 2
  rm -rf "$scratch/inventory" "$scratch/stream.db"*
  JELOU_API_KEY=measurement command time --quiet --format '%e %M' --output "$scratch/figures" \
    timeout --foreground "$longest_run" "$program" run "$scratch/projects.csv" --output "$output" --format "$formats" \
    --progress none --rate 0 --concurrency 32 "$@" >/dev/null 2>"$scratch/messages" || status=$?
  # 2: rows whose credential is unknown are left without an answer.
  [[ $status -eq 0 || $status -eq 2 ]] || stop "The run failed: $(tail -n 3 "$scratch/messages")"
  cat "$scratch/figures"
}

small_reports='' small_stream='' worst=0

# report WHAT ADDRESS OPTION...: measures the list that is there in both ways, and prints a line.
report() {
  local what=$1 address=$2 wall reports stream ratios
  shift 2
  read -r wall reports <<<"$(peak_of "$scratch/inventory" csv,jsonl,html --base-url "$address" "$@")"
  read -r _ stream <<<"$(peak_of - jsonl --base-url "$address" --database "$scratch/stream.db" "$@")"
  : "${small_reports:=$reports}" "${small_stream:=$stream}"
  ratios=("$(calculate "$reports / $small_reports")" "$(calculate "$stream / $small_stream")")
  worst=$(printf '%s\n' "$worst" "${ratios[@]}" | sort -n | tail -n 1)
  printf '%-48s %8s %8s %6s %8s %6s\n' "$what" "$wall" "$(calculate "$reports / 1024" %.1f)" "${ratios[0]}" \
    "$(calculate "$stream / 1024" %.1f)" "${ratios[1]}"
}

print_machine
printf '%-10s %s\n\n' Work "32 in flight, no rate limit; CSV, JSON Lines, HTML and database, or a stream of JSON Lines"
printf '%-48s %8s %8s %6s %8s %6s\n' list 'wall s' 'peak MiB' ratio 'stream' ratio
write_list "$small"
report "$small projects" "$base_url"
write_list "$large"
report "$large projects" "$base_url"
write_repeated "$large" 1
report "one project in $large rows" "$base_url"
write_repeated "$large" "$((large / 2))"
report "$((large / 2)) projects, each in 2 rows" "$base_url"
write_unknown_credentials "$large"
report "$large credentials that are unknown" "$base_url" --credentials "$scratch/keys.csv"
write_list "$webhooks"
report "$webhooks projects with one webhook of 900 KB" "$long_url"
printf '\nworst ratio: %s, at most %s\n' "$worst" "$most"
[[ $(calculate "$worst <= $most" %d) -eq 1 ]] || stop "Memory grows."
