#!/usr/bin/env bash
# Installs what is missing, builds the tests and runs them all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# What the tests start or ask, beside the program.
readonly test_packages=(iproute2 libreoffice-calc-nogui mount nftables nginx-light openssl perl-base python3-jsonschema python3-openpyxl sqlite3 strace tinyproxy tmux)

# stage NAME COMMAND...: says how long the command took, and ends with its exit code if it fails.
stage() {
  local name=$1 start=$SECONDS status=0
  shift
  say "$name …"
  "$@" || status=$?
  say "$name: $((SECONDS - start)) s"
  [[ $status -eq 0 ]] || exit "$status"
}

stage "Set-up" set_up "${build_packages[@]}" "${test_packages[@]}"
stage "Build" swift build --build-tests
stage "Tests of the parts" swift test --skip-build --skip CommandTests
# These start processes, kill them, fill disks and measure time: one after the other.
stage "Tests of the program" swift test --skip-build --filter CommandTests
stage "Lossy network" bash Tests/lossy-network.sh
