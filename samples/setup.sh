# shellcheck shell=bash
# Checks the Swift toolchain and installs the Debian packages that are missing. To be sourced under `set -euo pipefail`.

readonly swift_needed=6.3

# What a bare Debian (12 or 13) lacks for `swift build` beside the toolchain itself.
# shellcheck disable=SC2034 # for the callers
readonly build_packages=(
  ca-certificates git                        # SwiftPM fetches the dependencies
  binutils-gold g++                          # the linker that Swift calls, and the C and C++ libraries it links
  libcurl4 libncurses6 libuuid1 libxml2      # shared libraries of the toolchain's own programs
  libsqlite3-dev libxlsxwriter-dev zlib1g-dev # the system libraries that this package links
  pkg-config                                 # SwiftPM asks it where they are
)

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

# set_up PACKAGE...: a toolchain that works, and these packages.
set_up() {
  local version
  command -v swift >/dev/null \
    || stop "No Swift toolchain: install Swift $swift_needed for Debian from https://www.swift.org/install/linux/ and put its swift on PATH."
  # A toolchain whose libraries are still missing tells no version; then it is asked again once they are there.
  version=$(swift_version)
  [[ -z $version ]] || require_swift_version "$version"
  require_packages "$@"
  [[ -n $version ]] || require_swift_version "$(swift_version)"
}

# Prints nothing when swift does not start.
swift_version() {
  { swift --version 2>/dev/null || true; } | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p'
}

require_swift_version() {
  [[ -n $1 ]] || stop "swift is on PATH but does not start; \`swift --version\` says why."
  printf '%s\n' "$swift_needed" "$1" | sort --version-sort --check=quiet \
    || stop "Swift $1 is too old: install Swift $swift_needed for Debian from https://www.swift.org/install/linux/ and put its swift first on PATH."
}

# require_packages PACKAGE...: installs those that are missing.
require_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "Not a Debian system, so nothing is installed; needed are: $*"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return
  say "Installing missing Debian packages: ${missing[*]}"
  install_packages "${missing[@]}" || stop "The packages could not be installed: ${missing[*]}"
}

# Prints those that are neither installed nor provided by an installed package.
missing_packages() {
  dpkg-query --show --showformat='${db:Status-Status} ${Package} ${Provides}\n' | awk -v wanted="$*" '
    $1 == "installed" {
      gsub(/\([^)]*\)|,/, " ")
      for (i = 2; i <= NF; i++) present[$i] = 1
    }
    END {
      count = split(wanted, names, " ")
      for (i = 1; i <= count; i++) if (!(names[i] in present)) print names[i]
    }'
}

install_packages() {
  local as_root=()
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo >/dev/null \
      || stop "Neither root nor sudo is at hand; run as root: apt-get update && apt-get install --no-install-recommends $*"
    as_root=(sudo)
  fi
  # Servers among the packages are not started (invoke-rc.d(8)): whoever needs one starts its own.
  # shellcheck disable=SC2016 # the inner shell expands these
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -euc '
    policy=/usr/sbin/policy-rc.d
    if ! [ -e "$policy" ]; then
      trap "rm -f $policy" EXIT
      trap "exit 1" HUP INT TERM
      printf "#!/bin/sh\nexit 101\n" >"$policy"
      chmod 755 "$policy"
    fi
    apt-get update -qq || echo "apt-get update found errors; going on with what it has."
    apt-get install -qq --no-install-recommends "$@"
  ' sh "$@" >&2
}
