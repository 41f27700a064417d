#!/usr/bin/env bash
# Builds the program and runs it with the sample list and the built-in sandbox gateway.
# Prints the paths of the reports on standard output, one per line. All messages go to standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# The sandbox needs no key, and the caller's settings must not affect the sample.
unset "${!JELOU_@}"

set_up "${build_packages[@]}"

say "Building jelou-inventory. The first build takes several minutes."
run_swift build --product jelou-inventory >&2

say "Running the inventory of samples/projects.csv with the sandbox gateway."
status=0
.build/debug/jelou-inventory run samples/projects.csv --credentials samples/credentials.csv --sandbox \
  --rate 50 --max-attempts 3 -o samples/inventory || status=$?
# 2: some rows have no answer. The sample list contains such rows on purpose.
[[ $status -eq 0 || $status -eq 2 ]] || exit "$status"

realpath samples/inventory/{inventory.csv,inventory.jsonl,inventory.html,inventory.db,manifest.json}
