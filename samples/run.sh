#!/usr/bin/env bash
# Builds the program and takes the inventory of the sample list from the built-in sandbox gateway.
# Prints the paths of the reports on standard output, one a line; all else goes to standard error.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# The sandbox needs no key, and a real one has no place here.
unset "${!JELOU_@}"

set_up "${build_packages[@]}"

say "Building jelou-inventory; the first time takes minutes."
swift build --product jelou-inventory >&2

say "Taking the inventory of samples/projects.csv."
status=0
.build/debug/jelou-inventory run samples/projects.csv --credentials samples/credentials.csv --sandbox \
  --rate 50 --max-attempts 3 -o samples/inventory || status=$?
# 2: some rows have no answer, as is meant here.
[[ $status -eq 0 || $status -eq 2 ]] || exit "$status"

realpath samples/inventory/{inventory.csv,inventory.jsonl,inventory.html,inventory.db,manifest.json}
