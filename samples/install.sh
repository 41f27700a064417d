#!/usr/bin/env bash
# Builds a release and installs it under a prefix: the program, completions for bash, zsh and fish, and man pages. What it
# has installed is printed on standard output, a file a line; all else goes to standard error.
#
#   samples/install.sh PREFIX     e.g. /usr/local, or ~/.local
set -euo pipefail

[[ $# -eq 1 && -n $1 && $1 != -* ]] || {
  echo "usage: samples/install.sh PREFIX" >&2
  exit 64
}
prefix=$(realpath --canonicalize-missing -- "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh
set_up "${build_packages[@]}"

readonly scratch_path=.build-release
readonly name=jelou-inventory

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT

# Swift's libraries become part of the program (`swift package` has no --static-swift-stdlib), so that it also runs where
# there is no toolchain. LLVM's linker is part of the toolchain.
readonly options=(--scratch-path "$scratch_path" -Xswiftc -static-stdlib -Xswiftc -use-ld=lld)

say "Building a release; the first time takes minutes."
# The plug-in builds the program, and generates a man page of each command from it.
rm -rf "$scratch_path/plugins/GenerateManual"
swift package "${options[@]}" generate-manual --configuration release --multi-page >&2

# Linked once more, for itself, it becomes half as large: no data of languages that it does not use, which the plug-in's
# own tool needs; no symbols for others to call; and the addresses to be fitted when it starts in the short form, which
# glibc reads from 2.36 on.
clang -O2 -c samples/no-locale-data.c -o "$work/no-locale-data.o"
small=(-Xlinker "$work/no-locale-data.o" -Xlinker --no-export-dynamic -Xlinker -z -Xlinker pack-relative-relocs)
for version in {74..78}; do small+=(-Xlinker --wrap="icudt${version}_dat"); done
swift build "${options[@]}" "${small[@]}" --configuration release --product "$name" >&2
built=$(swift build --configuration release --scratch-path "$scratch_path" --show-bin-path)/$name

# install_file MODE FILE PLACE
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
[[ ${#pages[@]} -gt 0 ]] || stop "No man page was generated."
for page in "${pages[@]}"; do
  # As `man jelou-inventory run` looks for it.
  command=$(basename "$page" .1)
  install_file 644 "$page" "share/man/man1/${command//./-}.1"
done
