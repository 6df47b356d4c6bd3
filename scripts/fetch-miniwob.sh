#!/usr/bin/env bash
# Brings the pages of MiniWoB++ to target/miniwob/html, for the tests and for
# `agentarena import miniwob target/miniwob`. They come from the PyPI package `miniwob` (MIT), by
# name, through pip. What is there already is left as it is.
set -euo pipefail

version=1.1.0
wheel="miniwob-$version-py3-none-any.whl"
cd "$(dirname "$0")/.."
folder=${AGENTARENA_MINIWOB_DIR:-target/miniwob}

if [ -f "$folder/html/core/core.js" ] && [ -d "$folder/miniwob-$version.dist-info" ]; then
  exit 0
fi
if ! python3 -m pip --version >/dev/null 2>&1; then
  cat >&2 <<TEXT
The tests need the pages of MiniWoB++ and fetch them with pip, which is missing. Either install it
(Debian, Ubuntu: apt-get install python3-pip), or unpack $wheel from
https://pypi.org/project/miniwob/ so that $folder/html/core/core.js is there.
TEXT
  exit 1
fi

part="$folder.part.$$"
trap 'rm -rf "$part"' EXIT
mkdir -p "$part" "$(dirname "$folder")"
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
  --dest "$part" "miniwob==$version"
python3 -m zipfile -e "$part/$wheel" "$part/wheel"
rm -rf "$folder"
mkdir -p "$folder"
mv "$part/wheel/miniwob/html" "$folder/html"
mv "$part/wheel/miniwob-$version.dist-info" "$folder/"
