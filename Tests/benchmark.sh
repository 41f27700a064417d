#!/usr/bin/env bash
# The program beside what its users would take instead: a Go program, asyncio scripts with aiohttp and httpx, and
# curl --parallel with jq and sqlite3. All of them take the inventory of the same list from the same nginx on loopback
# and write CSV, JSON Lines and (Go aside) a SQLite database. Prints Markdown.
#
#   Tests/benchmark.sh [PROJECTS=20000] [ROUNDS=5]
#
# 32 requests in flight. A round is one run of each in turn; the two that take long, httpx and curl, run in the first two
# rounds only. Runs are checked: whoever has other answers than the rest ends the benchmark.
# JELOU_INVENTORY_BINARY=PATH measures that program instead of building a release.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source Tests/measuring.sh
numbers projects=20000 rounds=5 -- "$@"
readonly concurrency=32 slow_rounds=2
# Requests a second that the limited gateway takes, and to which whoever can keep a rate is told to keep.
limit=2000
readonly kept_rate=1900

require_packages golang-go jq openssl python3-venv sqlite3 curl
prepare
readonly peers=Tests/benchmark
readonly tools=.build-benchmark
mkdir -p "$tools"
say "Preparing the peers."
(cd "$peers" && GOCACHE=$OLDPWD/$tools/go-cache GOFLAGS=-mod=mod go build -o "$OLDPWD/$tools/peer" .)
python=$tools/python/bin/python
[[ -x $python ]] || /usr/bin/python3 -m venv "$tools/python"
"$python" -c 'import aiohttp, httpx, h2' 2>/dev/null \
  || "$python" -m pip install --quiet --disable-pip-version-check aiohttp 'httpx[http2]'

# shellcheck disable=SC2034
more_servers=yes
start_nginx off
write_list "$projects"

declare -A walls cpus peaks

# run NAME URL RATE CA-FILE: runs the program or a peer once.
run() {
  local name=$1 url=$2 rate=$3 ca=$4 folder=$scratch/output command wall user system peak
  rm -rf "$folder"
  mkdir "$folder"
  case $name in
    jelou-inventory)
      command=("$program" run "$scratch/projects.csv" --base-url "$url" --output "$folder" --rate "$rate"
        --concurrency "$concurrency" --progress none)
      if [[ -n $ca ]]; then command+=(--ca-file "$ca"); fi
      ;;
    Go) command=("$tools/peer" "$url" "$scratch/projects.csv" "$folder" "$concurrency" "$rate" "$ca") ;;
    aiohttp | httpx)
      command=("$python" "$peers/${name}_peer.py" "$url" "$scratch/projects.csv" "$folder" "$concurrency" "$rate" "$ca")
      ;;
    curl) command=("$peers/curl_peer.sh" "$url" "$scratch/projects.csv" "$folder" "$concurrency" "$rate" "$ca") ;;
  esac
  JELOU_API_KEY=measurement command time --format '%e %U %S %M' --output "$scratch/figures" \
    timeout --foreground "$longest_run" "${command[@]}" >/dev/null 2>"$scratch/messages" \
    || stop "$name failed: $(tail -n 3 "$scratch/messages")"
  [[ $(wc -l <"$folder/inventory.csv") -eq $((projects + 1)) ]] || stop "$name: not every project is in the CSV"
  [[ $(grep -c '"outcome": \?"found"' "$folder/inventory.jsonl") -eq $projects ]] \
    || stop "$name: not every project was found"
  read -r wall user system peak <"$scratch/figures"
  walls[$name]+=" $wall"
  cpus[$name]+=" $(calculate "($user + $system) * 1000000 / $projects" %.1f)"
  peaks[$name]+=" $(calculate "$peak / 1024" %.0f)"
}

# scenario TITLE URL RATE CA-FILE NAME...
scenario() {
  local title=$1 url=$2 rate=$3 ca=$4 round name own ratio
  shift 4
  walls=() cpus=() peaks=()
  for ((round = 1; round <= rounds; round++)); do
    for name in "$@"; do
      if [[ $name == @(httpx|curl) && $round -gt $slow_rounds ]]; then continue; fi
      say "$title, round $round: $name"
      run "$name" "$url" "$rate" "$ca"
    done
  done
  printf '\n| %s | wall s | CPU µs a project | peak MiB | wall, of ours |\n|---|---|---|---|---|\n' "$title"
  # shellcheck disable=SC2086
  own=$(median %.2f ${walls[jelou-inventory]})
  for name in "$@"; do
    # shellcheck disable=SC2086
    ratio=$(calculate "$(median %.2f ${walls[$name]}) / $own" %.2f)
    # shellcheck disable=SC2086
    printf '| %s | %s | %s | %s | %s× |\n' "$name" "$(median %.2f ${walls[$name]})" "$(median %.0f ${cpus[$name]})" \
      "$(median %.0f ${peaks[$name]})" "$ratio"
  done
}

print_machine
printf '%-10s %s\n' Versions "jelou-inventory $("$program" --version), $(nginx -v 2>&1 | sed 's/.*: //'), \
$(go version | cut -d ' ' -f 3), $("$python" --version), \
$("$python" -c 'import aiohttp, httpx; print(f"aiohttp {aiohttp.__version__}, httpx {httpx.__version__}")'), \
$(curl --version | head -n 1 | cut -d ' ' -f 1,2), $(jq --version)"
printf '%-10s %s\n' Work "$projects projects, $concurrency in flight; medians of $rounds rounds"

scenario 'Plain HTTP' "$base_url" 0 '' jelou-inventory Go aiohttp httpx curl
scenario 'TLS' "$tls_url" 0 "$ca_file" jelou-inventory Go aiohttp httpx curl
scenario "A gateway that takes $limit/s, asked at $kept_rate/s" "$limited_url" "$kept_rate" '' jelou-inventory Go aiohttp
