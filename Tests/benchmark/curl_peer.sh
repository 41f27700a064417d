#!/usr/bin/env bash
# curl --parallel with jq and sqlite3, as measured against jelou-inventory. Arguments as of the Go program (main.go); a
# rate can't be kept, since curl keeps one only for requests one after the other.
set -euo pipefail
base=$1 list=$2 folder=$3 concurrency=$4 ca_file=$6
work=$folder/answers
mkdir -p "$work"

# One process, and a file for each answer, named by the row's number.
awk -F, -v base="$base" -v work="$work" 'NR > 1 {
  printf "url = \"%s/external-support/%s\"\noutput = \"%s/%07d\"\n", base, $1, work, NR - 1
}' "$list" >"$folder/curl.conf"
curl --silent --parallel --parallel-max "$concurrency" --header 'x-api-key: measurement' \
  --header 'accept: application/json' --retry 2 --max-time 30 ${ca_file:+--cacert "$ca_file"} \
  --write-out '%{filename_effective}\t%{http_code}\n' --config "$folder/curl.conf" >"$folder/statuses"

# Rows, statuses and answers meet by their numbers.
sort "$folder/statuses" | cut -f 2 >"$folder/codes"
find "$work" -type f | sort | xargs cat | jq --compact-output . >"$folder/bodies"
[[ $(wc -l <"$folder/bodies") -eq $(wc -l <"$folder/codes") ]]
tail -n +2 "$list" | paste -d '\t' - "$folder/codes" "$folder/bodies" | jq --raw-input --compact-output '
  split("\t") as [$row, $code, $body] | ($row | split(",")) as [$id, $owner, $team, $plan]
  | ($body | fromjson) as $found
  | {project_id: $id, input: {owner: $owner, team: $team, plan: $plan},
     outcome: (if $code == "404" then "not_found" elif $code != "200" then "failed"
       elif ($found.webhookUrl // "") == "" then "invalid_response" else "found" end),
     http_status: ($code | tonumber), integration: $found}' >"$folder/inventory.jsonl"
{
  echo project_id,owner,team,plan,outcome,http_status,integration_id,brain_id,webhook_url,auth_type,created_at,updated_at
  jq --raw-output '[.project_id, .input.owner, .input.team, .input.plan, .outcome, .http_status, .integration.id,
    .integration.brainId, .integration.webhookUrl, .integration.authType, .integration.createdAt,
    .integration.updatedAt] | @csv' "$folder/inventory.jsonl"
} >"$folder/inventory.csv"
sqlite3 "$folder/inventory.db" -cmd '.mode csv' ".import '$folder/inventory.csv' results"
