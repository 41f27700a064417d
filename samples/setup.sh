# shellcheck shell=bash
# Checks the Swift toolchain and installs missing Debian packages. Source this file after `set -euo pipefail`.

readonly swift_needed=6.3
readonly install_swift="Install Swift $swift_needed for Debian from https://www.swift.org/install/linux/"

# The packages that `swift build` needs on a minimal Debian 12 or 13, in addition to the toolchain.
# shellcheck disable=SC2034 # used by the scripts that source this file
readonly build_packages=(
  ca-certificates git                        # SwiftPM downloads the dependencies
  binutils-gold g++                          # the linker, and the C and C++ libraries
  libcurl4 libncurses6 libuuid1 libxml2      # shared libraries that the toolchain's programs need
  libsqlite3-dev libxlsxwriter-dev zlib1g-dev # the system libraries that this package uses
  pkg-config                                 # SwiftPM uses it to find these libraries
)

say() { printf '%s\n' "$*" >&2; }

stop() {
  say "$*"
  exit 1
}

# set_up PACKAGE...: checks the toolchain and installs missing packages.
set_up() {
  local version
  command -v swift >/dev/null \
    || stop "Swift was not found. $install_swift and add it to PATH."
  # If the toolchain's own libraries are missing, swift can't start and prints no version. In that case, the version is
  # checked after the packages are installed.
  version=$(swift_version)
  [[ -z $version ]] || require_swift_version "$version"
  require_packages "$@"
  [[ -n $version ]] || require_swift_version "$(swift_version)"
}

# run_swift ARGUMENT...: runs swift, and again if swift itself crashes. On Linux, Swift 6.3 sometimes crashes in its own
# libdispatch, most often while it downloads packages; the next attempt continues. A build that fails is not repeated.
run_swift() {
  local attempt status
  for attempt in 1 2 3; do
    status=0
    swift "$@" || status=$?
    # Ended by SIGILL, SIGTRAP, SIGABRT, SIGBUS or SIGSEGV.
    [[ $status =~ ^(132|133|134|135|139)$ ]] || return "$status"
    say "swift crashed (exit code $status, attempt $attempt of 3)."
  done
  return "$status"
}

# Prints the version, or nothing if swift can't start.
swift_version() {
  { swift --version 2>/dev/null || true; } | sed -n 's/.*Swift version \([0-9][0-9.]*\).*/\1/p'
}

require_swift_version() {
  [[ -n $1 ]] || stop "swift can't start. Run \`swift --version\` to see the reason."
  printf '%s\n' "$swift_needed" "$1" | sort --version-sort --check=quiet \
    || stop "Swift $1 is too old. $install_swift and put it first on PATH."
}

# require_packages PACKAGE...: installs missing packages.
require_packages() {
  local missing
  if ! command -v dpkg-query >/dev/null; then
    say "This is not a Debian system, so no packages are installed. These packages are required: $*"
    return
  fi
  mapfile -t missing < <(missing_packages "$@")
  [[ ${#missing[@]} -eq 0 ]] && return
  say "Installing missing Debian packages: ${missing[*]}"
  install_packages "${missing[@]}" || stop "These packages could not be installed: ${missing[*]}"
}

# missing_packages PACKAGE...: prints the packages that are neither installed nor provided by an installed package.
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
      || stop "Only root can install packages, and sudo was not found. Run as root:
  apt-get update && apt-get install --no-install-recommends $*"
    as_root=(sudo)
  fi
  # Servers among the packages are not started automatically (invoke-rc.d(8)). Scripts that need one start their own.
  # shellcheck disable=SC2016 # the inner shell expands these variables
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -euc '
    policy=/usr/sbin/policy-rc.d
    if ! [ -e "$policy" ]; then
      trap "rm -f $policy" EXIT
      trap "exit 1" HUP INT TERM
      printf "#!/bin/sh\nexit 101\n" >"$policy"
      chmod 755 "$policy"
    fi
    apt-get update -qq || echo "apt-get update failed. Continuing with the existing package lists."
    apt-get install -qq --no-install-recommends "$@"
  ' sh "$@" >&2
}
