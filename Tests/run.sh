#!/usr/bin/env bash
# Installs what is missing, builds the tests and runs them all.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# What the tests start or ask, beside the program.
readonly test_packages=(chromium chromium-driver fish iproute2 libreoffice-calc-nogui mount mandoc munge nftables nginx-light openssl parallel perl-base python3-html5lib python3-jsonschema python3-openpyxl python3-selenium python3-venv slurm-wlm sqlite3 strace tinyproxy tmux zsh)

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
# What Debian lacks of what the tests of the page need: axe-core, from PyPI.
set_up_axe() {
  local python=.build/test-python
  [[ -x $python/bin/python ]] || /usr/bin/python3 -m venv --system-site-packages "$python"
  "$python/bin/python" -c 'import axe_core_python' 2>/dev/null \
    || "$python/bin/python" -m pip install --quiet --disable-pip-version-check axe-core-python==0.1.0
}

stage "Build" swift build --build-tests
stage "Tests of the parts" swift test --skip-build --skip CommandTests
stage "Checks of accessibility" set_up_axe

# These measure time: one after the other, and nothing beside them.
readonly timeless='CommandTests\.(TheReports|TheDatabase)/'
stage "Tests of the program" swift test --skip-build --filter CommandTests --skip "$timeless"
stage "Lossy network" bash Tests/lossy-network.sh
stage "A job array of Slurm" bash Tests/slurm.sh

# These do not: the release that is to be installed is built beside them, and told of when they have ended.
log=$(mktemp)
trap 'wait; rm -f "$log"' EXIT
bash Tests/installation.sh >"$log" 2>&1 &
installation=$!
stage "Tests of the program's files" swift test --skip-build --filter "$timeless"
finish_installation() {
  local status=0
  wait "$installation" || status=$?
  cat "$log" >&2
  return "$status"
}
stage "Installation, since then" finish_installation
