#!/usr/bin/env bash
# Installs what is missing, builds the tests and runs them all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# What the tests start or ask, beside the program.
readonly test_packages=(nginx-light openssl sqlite3 tinyproxy tmux)

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
stage "Tests" swift test --skip-build
