#!/usr/bin/env bash
# Writes the hashed lock files anew from pyproject.toml and web/package.json. Versions already locked stay, unless
# --upgrade is given. Needs uv (pip install uv) and npm. No lock file names a registry: pip and npm ask the one they are set to.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v uv >/dev/null || { echo "lock: uv is missing. Install it: pip install uv" >&2; exit 1; }

OPTIONS=(
    --quiet --universal --python-version 3.11 --generate-hashes
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header "$@"
)
uv pip compile pyproject.toml --all-extras --group build "${OPTIONS[@]}" -o requirements.lock >/dev/null
uv pip compile --group node "${OPTIONS[@]}" -o requirements-node.lock >/dev/null
(cd web && npm install --package-lock-only --ignore-scripts --no-fund --no-audit --loglevel=error)
