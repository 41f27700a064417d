#!/usr/bin/env bash
# Uses an installed release as its users do.
#
#   Tests/installation.sh [PREFIX]     Without a prefix, installs into a folder of its own first.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source samples/setup.sh
require_packages fish mandoc zsh
unset "${!JELOU_@}"
readonly name=jelou-inventory

work=$(mktemp --directory)
trap 'rm -rf "$work"' EXIT
prefix=${1:-$work}
[[ -n ${1:-} ]] || samples/install.sh "$prefix" >/dev/null
mapfile -t files < <(find "$prefix/bin" "$prefix/share" -type f)
[[ ${#files[@]} -ge 11 ]] || stop "Only ${#files[@]} files were installed."
for file in "${files[@]}"; do [[ -s $file ]] || stop "$file is empty."; done

program=$prefix/bin/$name
version=$("$program" --version)
if [[ $(git rev-parse --show-toplevel 2>/dev/null) == "$PWD" ]]; then
  [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+\ \($(git rev-parse --short=12 HEAD)(, modified)?\)$ ]] \
    || stop "--version does not tell the commit: $version"
fi
file_size=$(stat --format=%s "$program")
say "$version, $((file_size / 1000000)) MB"
# Stripped, and with Swift's libraries in it: on the user's machine there is no toolchain.
[[ $(nm "$program" 2>&1) == *"no symbols"* ]] || stop "The program is not stripped."
! ldd "$program" | grep --quiet libswift || stop "The program needs Swift's libraries."

"$program" run samples/projects.csv --credentials samples/credentials.csv --sandbox --rate 0 --max-attempts 2 --quiet \
  --output "$work/inventory" && status=0 || status=$?
[[ $status -eq 2 && -s $work/inventory/inventory.html ]] || stop "The installed program ended with $status."

# What a shell offers after `jelou-inventory pl`, `jelou-inventory run --ra` and `--config samples/mon`.
bash --norc -euc '
  source "$1"
  COMP_WORDS=(jelou-inventory pl) COMP_CWORD=1 COMP_LINE="jelou-inventory pl" COMP_POINT=18 COMP_TYPE=9 COMP_KEY=9
  set +u
  _jelou-inventory jelou-inventory pl jelou-inventory
  [[ " ${COMPREPLY[*]} " == *" plan "* ]]
' bash "$prefix/share/bash-completion/completions/$name" || stop "The completions for bash do not offer plan."
zsh --no-rcs -euc 'autoload -Uz compinit; fpath=($1 $fpath); compinit -D -u; whence _jelou-inventory >/dev/null' zsh \
  "$prefix/share/zsh/site-functions" || stop "zsh does not take the completions."
zsh --no-exec "$prefix/share/zsh/site-functions/_$name" || stop "The completions for zsh are no zsh."
fish --no-config -c '
  source $argv[1]
  complete --do-complete "jelou-inventory run --ra" | grep --quiet -- "--rate"
  and complete --do-complete "jelou-inventory run --config samples/mon" | grep --quiet monthly.yaml
' "$prefix/share/fish/vendor_completions.d/$name.fish" || stop "The completions for fish do not offer --rate or a file."

for command in run plan report changes runs query merge sandbox; do
  page=$prefix/share/man/man1/$name-$command.1
  text=$(mandoc -T ascii "$page" | col -b)
  [[ $text == *"$name $command"* && $text == *Example* ]] || stop "$page can't be read."
done
say "The installed files work."
