#!/usr/bin/env bash
# Installs what is missing, builds the tests, the guides and the release, and runs every test. The program is tested as
# it is installed, and as an ordinary user.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# What the tests start or ask, in addition to the program.
readonly test_packages=(chromium chromium-driver fish iproute2 libreoffice-calc-nogui mandoc mount munge nftables nginx-light openssl parallel perl-base python3-html5lib python3-jsonschema python3-openpyxl python3-selenium python3-venv slurm-wlm sqlite3 strace tinyproxy tmux zsh)

# stage NAME COMMAND...: prints how long the command took, and ends with its exit code if it fails.
stage() {
  local name=$1 start=$SECONDS status=0
  shift
  say "$name …"
  "$@" || status=$?
  say "$name: $((SECONDS - start)) s"
  [[ $status -eq 0 ]] || exit "$status"
}

# Root is stopped by no permission, so the program is driven as this user. Without root, as whoever runs the tests.
make_tester() {
  [[ $(id -u) -ne 0 ]] || id jelou-tester >/dev/null 2>&1 \
    || useradd --system --no-create-home --shell /usr/sbin/nologin jelou-tester
}

# What Debian lacks of what the tests of the HTML report need: axe-core, from PyPI.
set_up_axe() {
  local python=.build/test-python
  [[ -x $python/bin/python ]] || /usr/bin/python3 -m venv --system-site-packages "$python"
  "$python/bin/python" -c 'import axe_core_python' 2>/dev/null \
    || "$python/bin/python" -m pip install --quiet --disable-pip-version-check axe-core-python==0.1.0
}

# Where the tester can reach the program, wherever the repository is.
prefix=$(mktemp --directory)
lossy_network=
trap '[[ -z $lossy_network ]] || kill "$lossy_network" 2>/dev/null || true; rm -rf "$prefix"' EXIT
chmod 755 "$prefix"

# Not the doc comments of the executable: most of them name types of other targets, which DocC does not see.
build_guides() {
  JELOU_INVENTORY_DOCUMENTATION=1 run_swift package generate-documentation --target jelou-inventory --warnings-as-errors \
    --symbol-graph-minimum-access-level public --exclude-extended-types
}

install_release() { samples/install.sh "$prefix" >"$prefix/files"; }

stage "Set-up" set_up "${build_packages[@]}" "${test_packages[@]}"
stage "The ordinary user" make_tester
stage "Build" run_swift build --build-tests
stage "Guides" build_guides
stage "Tests of the parts" swift test --skip-build --skip CommandTests
stage "Checks of accessibility" set_up_axe
stage "Release" install_release
stage "Installation" bash Tests/installation.sh "$prefix"

export JELOU_INVENTORY_BINARY=$prefix/bin/jelou-inventory
# Those that measure time run one after the other, with nothing beside them; those that wait, side by side.
readonly timeless='CommandTests\.(TheReports|TheDatabase)/' waiting='CommandTests\.TheWaits/'
stage "Tests of the program" swift test --skip-build --filter CommandTests --skip "$timeless" --skip "$waiting"
bash Tests/lossy-network.sh &
lossy_network=$!
stage "Tests of the program that waits" swift test --skip-build --filter "$waiting"
stage "Lossy network" wait "$lossy_network"
stage "Tests of the program's files" swift test --skip-build --filter "$timeless"
stage "A job array of Slurm" bash Tests/slurm.sh
