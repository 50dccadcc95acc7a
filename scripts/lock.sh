#!/usr/bin/env bash
# Writes the hashed lock files anew from pyproject.toml and web/package.json. Versions already locked stay, unless
# --upgrade is given. Needs uv (pip install uv) and npm. No lock file names a registry: pip and npm ask the one they are set to.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
command -v uv >/dev/null || { echo "lock: uv is missing. Install it: pip install uv" >&2; exit 1; }

# lock FILE OPTION…: what these options ask for, in one file.
lock() {
    local file=$1
    shift
    uv pip compile "$@" --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --no-header "${UPGRADE[@]}" -o "$file" >/dev/null
}

# What several files hold is of one version in all of them.
as_installed() { sed 's/ *\\$//; /^ *--hash/d' requirements.lock; }

UPGRADE=("$@")
# The service, for `make setup`. `build` too, so that the project itself is installed without build isolation.
lock requirements.lock pyproject.toml --extra service --group build
lock requirements-dev.lock pyproject.toml --extra service --extra telemetry --extra tesseract --extra dev --group build --constraints <(as_installed)
# What the Docker image has beside requirements.lock.
lock requirements-telemetry.lock pyproject.toml --extra telemetry --constraints <(as_installed)
lock requirements-node.lock --group node
lock requirements-gpu.lock pyproject.toml --extra gpu --constraints <(as_installed)
lock requirements-training.lock pyproject.toml --extra training --group build --constraints <(as_installed)
# PaddleOCR pins versions of its own, of an OpenCV above all, which holds the same module as ours and rapidocr's.
lock requirements-paddle.lock pyproject.toml --extra service --extra paddle --group build --group paddle-tests \
    --overrides <(printf '%s\n' "opencv-python-headless ; sys_platform == 'never'" "opencv-python ; sys_platform == 'never'")
(cd web && npm install --package-lock-only --ignore-scripts --no-fund --no-audit --loglevel=error)
