#!/usr/bin/env bash
# Runs the tests of the page viewer's arithmetic, with the Node that setup.sh uses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[ -x .venv/node/npm ] && PATH="$PWD/.venv/node:$PATH"
cd web
npm test --silent
