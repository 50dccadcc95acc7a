#!/usr/bin/env bash
# Starts the real servers, runs the contract, integration and chaos tests on them, and stops them whatever happens.
#   test_servers.sh [PYTEST ARGUMENT…]    by default all of them
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

trap 'scripts/servers.sh stop' EXIT
scripts/servers.sh start
[ $# -gt 0 ] || set -- tests/contract tests/integration/flow tests/integration/test_api_access.py tests/integration/test_api_work.py \
    tests/integration/test_station_push.py tests/integration/test_packages.py tests/chaos
SOHOA_TEST_SERVERS=$PWD/build/servers/servers.json .venv/bin/pytest "$@"
