#!/usr/bin/env bash
# Checks licences, banned crates and sources of all dependencies against deny.toml.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! command -v cargo-deny >/dev/null 2>&1; then
  cargo install cargo-deny --locked --version '^0.20'
fi
exec cargo deny --all-features check licenses bans sources
