#!/usr/bin/env bash
# Compiles the examples in TypeScript to target/clients/ts, checking their types on the way, with
# the compiler from npm by name (tests/clients/node/package.json). What is there already and new
# enough is left as it is.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  cat >&2 <<'TEXT'
The examples in TypeScript need Node.js 20 or newer with npm, and one of them is missing.
Debian, Ubuntu: apt-get install nodejs npm. Other systems: see https://nodejs.org.
TEXT
  exit 1
fi
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 20')" != true ]; then
  echo "The examples in TypeScript need Node.js 20 or newer; here is $(node --version)." >&2
  exit 1
fi

from=tests/clients/node
folder=target/clients/node
if ! cmp -s "$from/package-lock.json" "$folder/installed.json"; then
  mkdir -p "$folder"
  cp "$from/package.json" "$from/package-lock.json" "$folder/"
  npm ci --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts
  cp "$from/package-lock.json" "$folder/installed.json"
fi

out=target/clients/ts
newest=$(find "$out" -name '*.js' -newer "$from/tsconfig.json" 2>/dev/null | head -1 || true)
stale=$(find examples -name '*.ts' -newer "${newest:-/nowhere}" 2>/dev/null | head -1 || true)
if [ -n "$newest" ] && [ -z "$stale" ]; then
  exit 0
fi
# The compiler looks for packages beside the sources that it is given.
mkdir -p "$folder/examples" "$out"
cp examples/*.ts "$folder/examples/"
cp "$from/tsconfig.json" "$folder/"
echo '{"type": "module"}' >"$out/package.json"
# As a module: the folder's own package file says so, too.
npm --prefix "$folder" pkg set type=module >/dev/null
"$folder/node_modules/.bin/tsc" --project "$folder/tsconfig.json" --rootDir "$folder/examples" \
  --outDir "$out"
