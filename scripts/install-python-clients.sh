#!/usr/bin/env bash
# Installs the Python clients that the tests play with, from PyPI by name, into environments of
# their own under target/clients. What is there already and unchanged is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

# Makes an environment when its lists have changed: name, then lists; of lists whose name begins
# with `=` only the packages themselves are installed.
environment() {
  local folder="target/clients/$1" list wanted
  shift
  wanted=$(cat "${@#=}")
  if [ "$(cat "$folder/installed.txt" 2>/dev/null)" = "$wanted" ]; then
    return
  fi
  echo "Installing $* from PyPI into $folder."
  rm -rf "$folder"
  python3 -m venv "$folder" || {
    echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
    exit 1
  }
  for list in "$@"; do
    case "$list" in
      =*) "$folder/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "${list#=}" ;;
      *) "$folder/bin/pip" install --quiet --disable-pip-version-check -r "$list" ;;
    esac
  done
  echo "$wanted" >"$folder/installed.txt"
}

environment venv tests/clients/requirements.txt
environment browsergym tests/clients/browsergym.txt =tests/clients/agentlab.txt
