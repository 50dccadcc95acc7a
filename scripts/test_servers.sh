#!/usr/bin/env bash
# Starts the real servers, runs the contract, integration and chaos tests on them, and stops them whatever happens.
#   test_servers.sh [PYTEST ARGUMENT…]    by default all of them; SIDE_BY_SIDE: arguments for what may run beside each other
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

trap 'scripts/servers.sh stop' EXIT
scripts/servers.sh start
export SOHOA_TEST_SERVERS=$PWD/build/servers/servers.json
if [ $# -gt 0 ]; then
    .venv/bin/pytest "$@"
else
    # Faults are done to servers that nothing else uses meanwhile.
    # shellcheck disable=SC2086  # several arguments
    .venv/bin/pytest ${SIDE_BY_SIDE:-} tests/contract tests/integration/flow \
        tests/integration/test_api_access.py tests/integration/test_api_work.py tests/integration/test_station_push.py \
        tests/integration/test_packages.py
    .venv/bin/pytest tests/chaos
fi
