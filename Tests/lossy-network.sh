#!/usr/bin/env bash
# Whether an inventory stays true in bad weather: with 30 % of the packets lost and 256 kbit/s to share, every row of
# the list still has exactly one outcome, the same in every format and never a wrong one; the run ends in time; and the
# key is nowhere in what it leaves.
#
# The weather is made in a network namespace of its own, which takes root. Where there can be none, the stage says so on
# standard error and ends well.
# JELOU_INVENTORY_BINARY=PATH tests that program, relative to the repository's top folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh
export LC_ALL=C
program=${JELOU_INVENTORY_BINARY:-.build/debug/jelou-inventory}

# Nothing of the caller's own takes part.
unset "${!JELOU_@}"

readonly lossy_packages=(iproute2 nftables nginx-light sqlite3)
readonly projects=60
# An ordinary user, made by Tests/run.sh.
readonly tester=jelou-tester
readonly loss=30
# Seconds after which the run is given up. If every attempt timed out, it would take 60 × 5 × 5 s / 8 = 188.
readonly longest_run=240
# The namespace is its own, and so are its ports.
readonly gateway=127.0.0.1:8080

# Debian keeps servers and network tools out of an ordinary user's PATH.
PATH+=:/usr/sbin:/sbin

skip() {
  say "skipped: lossy network: $*"
  exit 0
}

# end_process ID: ends a process that this script started.
end_process() {
  [[ -n $1 ]] || return 0
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

clean_up() {
  end_process "$program_id"
  end_process "$nginx_id"
  # The queue and the rules go with the namespace.
  [[ -z $namespace ]] || ip netns delete "$namespace" 2>/dev/null || true
  rm -rf "$scratch"
}

# within COMMAND...: runs it in the namespace. The command takes the place of `ip`, so a background job's ID is its own.
within() { exec ip netns exec "$namespace" "$@"; }

# attempt WHAT COMMAND...: ends the stage as skipped if the machine does not let the command do it.
attempt() {
  local what=$1 answer
  shift
  answer=$("$@" 2>&1) || skip "$what: ${answer%%$'\n'*}"
}

# A namespace with nothing but a loopback, and the weather on it.
make_weather() {
  namespace=jelou-lossy-$$-$RANDOM
  attempt "no network namespace" ip netns add "$namespace"
  # As on a wire, and not the 64 KiB of a loopback, which would all be lost or none.
  attempt "no loopback" ip -n "$namespace" link set lo mtu 1500 up
  attempt "no commands in a network namespace" within true
  # Both directions share the rate, as they share the loopback.
  attempt "tbf is not usable" within tc qdisc add dev lo root tbf rate 256kbit burst 16kb latency 400ms
  # Of either direction each packet arrives once. Dropped where it leaves, its sender would be told of it.
  attempt "nft is not usable" within nft -f - <<END
table ip weather {
  counter arrived { }
  counter lost { }
  chain arriving {
    type filter hook input priority 0; policy accept;
    counter name arrived
    numgen random mod 100 < $loss counter name lost drop
  }
}
END
}

# packets COUNTER
packets() { within nft list counter ip weather "$1" | sed -n 's/.*packets \([0-9]*\).*/\1/p'; }

# The IDs that end in 0 have no integration. Each of the others has one that tells whose it is, so that an answer which
# got to another row shows; and notes, so that an answer takes several packets and the answers take more than the rate.
# Few requests share a connection, as opening and closing them suffers most. Without the key there is nothing but 401,
# so that its absence from the reports means something.
start_nginx() {
  local notes
  printf -v notes '%*s' 3000 ''
  cat >"$scratch/nginx.conf" <<END
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log;
events { worker_connections 1024; }
http {
  access_log off;
  keepalive_requests 2;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  default_type application/json;
  map \$http_x_api_key \$stranger { default 1; "$canary" ""; }
  map \$uri \$absent { default ""; "~0\$" 1; }
  server {
    listen $gateway;
    location ~ ^/jelouapi/v1/external-support/(?<project>[^/]+)\$ {
      if (\$stranger) { return 401 '{"message":"Unauthorized"}'; }
      if (\$absent) { return 404 '{"message":"Integration not found"}'; }
      return 200 '{"id":"int_\$project","brainId":"b","notes":"${notes// /.}",
        "webhookUrl":"https://hooks.acme.example/x","authType":"bearer",
        "createdAt":"2024-03-05T14:21:07.000Z","updatedAt":"2024-11-19T08:02:44.000Z"}';
    }
    location / { return 500; }
  }
}
END
  within nginx -e "$scratch/error.log" -p "$scratch" -c "$scratch/nginx.conf" 2>"$scratch/nginx-start" &
  nginx_id=$!
  # The process ID is written once the port is its own.
  for _ in {1..100}; do
    [[ ! -s $scratch/nginx.pid ]] || return 0
    kill -0 "$nginx_id" 2>/dev/null || break
    sleep 0.1
  done
  stop "nginx did not start: $(tail -n 1 "$scratch/nginx-start")"
}

# Its own background job, because bash heeds a signal while it waits for one. Sets status and seconds. The most
# talkative log is the one that could give the key away.
take_inventory() {
  local start=$SECONDS
  within setpriv --reuid="$tester" --regid="$tester" --clear-groups -- \
    env -i PATH="$PATH" JELOU_API_KEY="$canary" timeout --foreground --kill-after=10 "$longest_run" \
    "$program" run "$scratch/projects.csv" --base-url "http://$gateway/jelouapi/v1" --output "$scratch/inventory" \
    --timeout 5 --connect-timeout 3 --concurrency 8 --rate 0 --max-attempts 5 --verbose >"$scratch/messages" 2>&1 &
  program_id=$!
  status=0
  wait "$program_id" || status=$?
  program_id=
  seconds=$((SECONDS - start))
}

# Prints what does not fit, a line each, and nothing if all does; so does whatever can't be read.
compare() {
  cd "$scratch"
  # A row of the page has its line and outcome in its tag.
  grep -o '<tr data-line="[^>]*>' inventory/inventory.html \
    | sed 's/^<tr data-line="\(.*\)" data-outcome="\(.*\)">$/\1,\2/' >page.csv || true
  # The tables are in a database beside the program's own.
  sqlite3 -batch -bail compared.db 2>&1 <<END || printf 'sqlite3 ended with %s.\n' "$?"
CREATE TABLE listed (project_id TEXT, owner TEXT);
.import --csv --skip 1 projects.csv listed
CREATE TABLE page (line INTEGER, outcome TEXT);
.import --csv page.csv page
.import --csv inventory/inventory.csv spreadsheet
CREATE TABLE lines (json TEXT);
-- A line as it is, whatever quotes and commas are in it.
.mode ascii
.separator "\037" "\n"
.import inventory/inventory.jsonl lines
.mode list
.separator "|" "\n"
ATTACH 'inventory/inventory.db' AS inventory;

CREATE TABLE formats (format TEXT);
INSERT INTO formats VALUES ('database'), ('CSV'), ('JSON Lines'), ('page');
-- The list's header is its first line.
CREATE TABLE expected AS SELECT rowid + 1 AS line, project_id, project_id LIKE '%0' AS absent FROM listed;
CREATE TABLE seen AS
  SELECT 'database' AS format, line, project_id, outcome, integration_id FROM inventory.results
  UNION ALL SELECT 'CSV', CAST(line AS INTEGER), project_id, outcome, integration_id FROM spreadsheet
  UNION ALL SELECT 'JSON Lines', json ->> 'line', json ->> 'project_id', json ->> 'outcome', json ->> '$.integration.id'
    FROM lines
  UNION ALL SELECT 'page', line, NULL, outcome, NULL FROM page;

SELECT 'list: ' || count(*) || ' rows instead of $projects' FROM expected HAVING count(*) <> $projects;
SELECT format || ': line ' || line || ' comes out ' || count(seen.rowid) || ' times'
  FROM formats CROSS JOIN expected LEFT JOIN seen USING (format, line)
  GROUP BY format, line HAVING count(seen.rowid) <> 1;
SELECT format || ': line ' || coalesce(line, 'NULL') || ' is not in the list'
  FROM seen WHERE line IS NULL OR line NOT IN (SELECT line FROM expected);
SELECT format || ': line ' || line || ' has the project ' || seen.project_id || ' instead of ' || expected.project_id
  FROM seen JOIN expected USING (line) WHERE format <> 'page' AND seen.project_id IS NOT expected.project_id;
SELECT other.format || ': line ' || line || ' is ' || coalesce(other.outcome, 'NULL') || ', in the database '
    || coalesce(stored.outcome, 'NULL')
  FROM seen AS other JOIN seen AS stored USING (line)
  WHERE stored.format = 'database' AND other.outcome IS NOT stored.outcome;
SELECT format || ': line ' || line || ' is ' || coalesce(outcome, 'NULL') || ', but the gateway has '
    || iif(absent, 'no integration', 'an integration')
  FROM seen JOIN expected USING (line)
  WHERE coalesce(outcome, '') NOT IN (iif(absent, 'not_found', 'found'), 'failed', 'skipped');
SELECT format || ': line ' || line || ' is ' || coalesce(outcome, 'NULL') || ' with the integration '
    || coalesce(integration_id, 'NULL')
  FROM seen JOIN expected USING (line)
  WHERE format <> 'page'
    AND coalesce(integration_id, '') <> iif(outcome IS 'found', 'int_' || expected.project_id, '');
-- All of them failed would be no proof.
SELECT 'database: no row is ' || iif(absent, 'not_found', 'found')
  FROM seen JOIN expected USING (line) WHERE format = 'database'
  GROUP BY absent HAVING NOT sum(outcome IN ('found', 'not_found'));
SELECT 'exit code $status, but ' || count(*) || ' rows have no answer'
  FROM seen WHERE format = 'database' AND coalesce(outcome, '') NOT IN ('found', 'not_found')
  HAVING $status IN (0, 2) AND (count(*) > 0) <> ($status = 2);

CREATE TABLE manifest AS SELECT CAST(readfile('inventory/manifest.json') AS TEXT) AS text;
SELECT 'manifest: state ' || coalesce(text ->> 'state', 'NULL') FROM manifest WHERE text ->> 'state' IS NOT 'finished';
SELECT 'manifest: ' || coalesce(text ->> '$.list.rows', 'NULL') || ' rows in the list' FROM manifest
  WHERE text ->> '$.list.rows' IS NOT $projects;
SELECT 'manifest: ' || coalesce(file.value ->> 'rows', 'NULL') || ' rows in ' || (file.value ->> 'name')
  FROM manifest, json_each(text, '$.files') AS file WHERE file.value ->> 'rows' IS NOT $projects;
CREATE TABLE counted AS
  SELECT key AS outcome, value AS count FROM manifest, json_each(text, '$.outcomes');
SELECT 'manifest: ' || coalesce(sum(count), 'no') || ' outcomes' FROM counted HAVING sum(count) IS NOT $projects;
SELECT 'manifest: ' || count || ' ' || outcome || ', in the database '
    || (SELECT count(*) FROM inventory.results AS stored WHERE stored.outcome = counted.outcome)
  FROM counted
  WHERE count <> (SELECT count(*) FROM inventory.results AS stored WHERE stored.outcome = counted.outcome);
END
}

# Prints the files that hold the key: as it is, or in base64 wherever in a group of three bytes it may begin.
find_key() {
  local before encoded patterns=(-e "$canary")
  for before in '' _ __; do
    encoded=$(printf %s "$before$canary" | base64 --wrap=0)
    # The first group of four and the last hold bits of what stands around the key.
    encoded=${encoded:4}
    patterns+=(-e "${encoded%????}")
  done
  grep -rlF "${patterns[@]}" "$scratch/inventory" "$scratch/messages" || true
}

# A program that can't be found is not a matter of the weather, and is told before anything is installed.
[[ -x $program ]] || stop "No program to test: $program"
program=$(realpath "$program")
[[ $(id -u) -eq 0 ]] || skip "not root"
id "$tester" >/dev/null 2>&1 || stop "There is no user $tester on this machine; Tests/run.sh makes it."
require_packages "${lossy_packages[@]}"

scratch=$(mktemp --directory)
namespace=
nginx_id=
program_id=
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

canary=canary-$(od -An -N 16 -tx1 /dev/urandom | tr -d ' \n')
awk -v projects="$projects" 'BEGIN {
  print "project_id,owner"
  for (project = 1; project <= projects; project++) printf "65a1%020d,Lucía Fernández\n", project
}' >"$scratch/projects.csv"
chown --recursive "$tester:" "$scratch"
make_weather
start_nginx
take_inventory

# Everything that is wrong is told, not the first alone.
wrong=()
# 2: some rows have no answer, as may be in this weather.
case $status in
  0 | 2) ;;
  124 | 137) wrong+=("The run had not ended after $longest_run s.") ;;
  *) wrong+=("The run ended with $status: $(tail -n 1 "$scratch/messages")") ;;
esac

mapfile -t differences < <(compare)
wrong+=("${differences[@]}")

mapfile -t leaks < <(find_key)
for file in "${leaks[@]}"; do wrong+=("The key is in ${file#"$scratch/"}."); done

# Fair weather would prove nothing. The share is of some hundred packets, hence the room; a packet over the limit is one
# that had to wait for the rate.
arrived=$(packets arrived)
lost=$(packets lost)
((lost * 100 >= (loss - 10) * arrived && lost * 100 <= (loss + 10) * arrived && lost > 0)) \
  || wrong+=("The weather was not as meant: $lost of $arrived packets lost.")
waits=$(within tc -s qdisc show dev lo | sed -n 's/.* overlimits \([0-9]*\) .*/\1/p')
((waits > 0)) || wrong+=("The weather was not as meant: the rate was never reached.")

[[ ${#wrong[@]} -eq 0 ]] || stop "Lossy network: $(printf '%s\n' "${wrong[@]}")"

sqlite3 -batch -separator ' ' "$scratch/inventory/inventory.db" "
  SELECT count(*), sum(outcome = 'found'), sum(outcome = 'not_found'), sum(outcome = 'failed'),
    sum(max(attempts - 1, 0))
  FROM results" >"$scratch/figures"
read -r rows found not_found failed retries <"$scratch/figures"
say "Lossy network: $rows rows, $found found, $not_found not_found, $failed failed, $retries retries, $seconds s," \
  "$lost of $arrived packets dropped"
