#!/usr/bin/env bash
# Installs the official Python clients that the tests use into target/clients/venv, by package name
# from PyPI. What is there already is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=tests/clients/requirements.txt
venv=target/clients/venv
if cmp -s "$wanted" "$venv/installed.txt"; then
  exit 0
fi
echo "Installing the Python clients of $wanted into $venv."
rm -rf "$venv"
mkdir -p "$(dirname "$venv")"
python3 -m venv "$venv" || {
  echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
  exit 1
}
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"
cp "$wanted" "$venv/installed.txt"
