#!/usr/bin/env bash
# Plays 20 MiniWoB++ tasks through the peer (BrowserGym), a raw DevTools loop and the arena in
# interleaved rounds, and prints speed, cost and ratios: `make bench-browser`.
#
#   ROUNDS=2     rounds; a whole one takes about 20 minutes on two cores
#   ROWS=a,b*    only these rows (see benches/peer/rows.py), wild cards allowed
#   TASKS=a,b    only these tasks
#   QUICK=1      one round with one seed of the rows that the targets are about, without memory
#   CLEAN=1      makes the Python environment anew
#   ARENA=path   a bench program that is built already; ARENA=none leaves the arena out
#
# Everything goes to target/bench; a whole run also writes benches/RESULTS.md.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=target/bench/venv
if [ -n "${CLEAN:-}" ]; then
  rm -rf "$venv"
fi
if ! cmp -s benches/peer/requirements.txt "$venv/installed.txt"; then
  echo "Installing the peer from PyPI into $venv."
  python3 -m venv "$venv" || {
    echo "python3 cannot make a virtual environment; on Debian: apt-get install python3-venv" >&2
    exit 1
  }
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r benches/peer/requirements.txt
  cp benches/peer/requirements.txt "$venv/installed.txt"
fi

arena=${ARENA:-}
if [ -z "$arena" ]; then
  echo "Building the arena's bench program (cargo bench --no-run)."
  arena=$(cargo bench --locked --no-run --bench browser --message-format=json-render-diagnostics |
    "$venv/bin/python" -c '
import json, sys
built = [json.loads(line) for line in sys.stdin]
print(*[one["executable"] for one in built
        if one.get("executable") and one["target"]["name"] == "browser"])')
fi
if [ "$arena" = none ]; then
  arena=
fi

export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" benches/peer/run.py --arena "$arena" --rounds "${ROUNDS:-2}" \
  --rows "${ROWS:-}" --tasks "${TASKS:-}" ${QUICK:+--quick}
