#!/usr/bin/env bash
# Builds a release and installs it under a prefix: the program, man pages, and completions for bash, zsh and fish.
# Prints the installed files on standard output, one per line. All messages go to standard error.
#
#   samples/install.sh PREFIX     for example /usr/local or ~/.local
set -euo pipefail

[[ $# -eq 1 && -n $1 && $1 != -* ]] || {
  echo "usage: samples/install.sh PREFIX" >&2
  exit 64
}
prefix=$(realpath --canonicalize-missing -- "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh

# The build takes minutes, so check first whether the prefix, or its nearest existing parent folder, is writable.
place=$prefix
until [[ -e $place ]]; do place=$(dirname "$place"); done
[[ -d $place && -w $place ]] || stop "$prefix is not writable. Choose another prefix, or use sudo."

set_up "${build_packages[@]}"

readonly scratch_path=.build-release
readonly name=jelou-inventory

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Swift's libraries are linked statically, so that the program also runs on machines without a toolchain.
# `swift package` has no option --static-swift-stdlib. The linker is LLVM's, which is part of the toolchain.
readonly options=(--scratch-path "$scratch_path" -Xswiftc -static-stdlib -Xswiftc -use-ld=lld)

say "Building a release. The first build takes several minutes."
# The plugin builds the program and generates the man pages from it.
rm -rf "$scratch_path/plugins/GenerateManual"
run_swift package "${options[@]}" generate-manual --configuration release --multi-page >&2
built=$(run_swift build --configuration release --scratch-path "$scratch_path" --show-bin-path)/$name

# install_file MODE FILE PATH: installs a file at a path below the prefix, and prints the full path.
install_file() {
  install -D --mode "$1" -- "$2" "$prefix/$3"
  printf '%s\n' "$prefix/$3"
}

strip -o "$work/$name" "$built"
install_file 755 "$work/$name" "bin/$name"

"$built" --generate-completion-script bash >"$work/bash"
"$built" --generate-completion-script zsh >"$work/zsh"
"$built" --generate-completion-script fish >"$work/fish"
install_file 644 "$work/bash" "share/bash-completion/completions/$name"
install_file 644 "$work/zsh" "share/zsh/site-functions/_$name"
install_file 644 "$work/fish" "share/fish/vendor_completions.d/$name.fish"

mapfile -t pages < <(find "$scratch_path/plugins/GenerateManual" -name '*.1' -type f | sort)
[[ ${#pages[@]} -gt 0 ]] || stop "No man pages were generated."
for page in "${pages[@]}"; do
  # `man jelou-inventory run` opens the page jelou-inventory-run.
  command=$(basename "$page" .1)
  install_file 644 "$page" "share/man/man1/${command//./-}.1"
done
