#!/usr/bin/env bash
# The real servers on loopback, for machines without Docker: PostgreSQL, Redis, OpenSearch with and without its security
# plugin, and two S3 servers of different make, MinIO and versitygw. For tests, chaos and benchmarks; each start is a new, empty set with new passwords.
#   servers.sh start    builds what is missing, starts all, writes build/servers/servers.json
#   servers.sh stop     stops them by their pids and removes their data
#   servers.sh build    only builds; what is built stays in ~/.cache/sohoa-servers
# A program can be stopped and started again alone, with its data: servers.sh stop-one NAME, start-one NAME, kill-one NAME.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/python_env.sh
source scripts/system_packages.sh

CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/sohoa-servers
RUN=$PWD/build/servers
MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
VERSITYGW_VERSION=v1.7.0
SERVERS=(postgres redis minio versitygw opensearch secured)
declare -A PORTS=([postgres]=9032 [redis]=9033 [minio]=9010 [versitygw]=9020 [opensearch]=9200 [secured]=9261)
source scripts/servers/secured_search.sh

fail() { echo "servers: $*" >&2; exit 1; }

find_postgres() { ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1; }

# The newest Java from 17 on, as a command; OpenSearch 3 asks for 21.
find_java() {
    local java
    for java in /usr/lib/jvm/*/bin/java "$(command -v java || true)"; do
        [ -x "$java" ] && printf '%s %s\n' "$("$java" -version 2>&1 | sed -nE '1s/.*"([0-9]+).*/\1/p')" "$java"
    done | sort -n | tail -1
}

install_tools() {
    local wanted=()
    [ -n "$(find_postgres)" ] || wanted+=(postgresql)
    command -v redis-server >/dev/null || wanted+=(redis-server)
    command -v faketime >/dev/null || wanted+=(faketime)
    command -v go >/dev/null || wanted+=(golang-go)
    command -v mvn >/dev/null || wanted+=(maven)
    [ -n "$(find_java)" ] || wanted+=(default-jdk-headless)
    [ ${#wanted[@]} = 0 ] && return
    say "system packages: ${wanted[*]}"
    can_be_root || fail "these system packages are missing, and there is no right to install them: ${wanted[*]}"
    [ -n "$(apt-cache madison postgresql 2>/dev/null)" ] || as_root apt-get update -qq
    # The packages would start servers of their own at installation.
    printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
    as_root chmod +x /usr/sbin/policy-rc.d
    apt_install "${wanted[@]}"
    as_root rm -f /usr/sbin/policy-rc.d
}

# build_go NAME MODULE VERSION
build_go() {
    local target="$CACHE/$1-$3"
    [ -x "$target/$1" ] && return
    say "$1 $3 from its source (minutes, once)"
    mkdir -p "$target"
    GOBIN=$target GOFLAGS="-trimpath -buildvcs=false" go install "$2@$3" >"$CACHE/$1.log" 2>&1 ||
        { tail -20 "$CACHE/$1.log" >&2; fail "$1 could not be built; see $CACHE/$1.log"; }
}

# OpenSearch 3 needs Java 21; with an older one its last release of 2 stands in.
choose_opensearch() {
    read -r java_version JAVA < <(find_java)
    [ "${java_version:-0}" -ge 17 ] || fail "no Java from 17 on is installed"
    if [ "$java_version" -ge 21 ]; then OPENSEARCH_VERSION=3.8.0.0; else OPENSEARCH_VERSION=2.19.1.0; fi
    OPENSEARCH=$CACHE/opensearch-$OPENSEARCH_VERSION
}

build_opensearch() {
    choose_opensearch
    [ -f "$OPENSEARCH/complete" ] && return
    say "OpenSearch $OPENSEARCH_VERSION"
    mkdir -p "$OPENSEARCH"
    mvn -q -B -f scripts/servers/pom.xml -Dopensearch.runner="$OPENSEARCH_VERSION" \
        dependency:copy-dependencies -DoutputDirectory="$OPENSEARCH/lib" >&2
    touch "$OPENSEARCH/complete"
}

build_all() {
    install_tools
    mkdir -p "$CACHE"
    build_go minio github.com/minio/minio "$MINIO_VERSION"
    build_go versitygw github.com/versity/versitygw/cmd/versitygw "$VERSITYGW_VERSION"
    build_opensearch
    build_secured
}

# launch NAME COMMAND…: in the background, with its log and pid.
launch() {
    local name=$1
    shift
    setsid "$@" >>"$RUN/$name.log" 2>&1 </dev/null &
    echo $! >"$RUN/$name.pid"
}

# PostgreSQL refuses to run as root.
AS_POSTGRES=()
if [ "$(id -u)" = 0 ]; then AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --init-groups --); fi

start_postgres() {
    local bin data=$RUN/postgres
    bin=$(find_postgres)
    if [ ! -d "$data" ]; then
        mkdir -p "$data"
        if [ "$(id -u)" = 0 ]; then chown postgres "$data"; chmod o+x "$RUN"; fi
        cp "$RUN/secret" "$data.secret" && chmod 644 "$data.secret"
        "${AS_POSTGRES[@]}" "$bin/initdb" -D "$data" -U sohoa -A scram-sha-256 --pwfile="$data.secret" -E UTF8 --locale=C.UTF-8 >>"$RUN/postgres.log"
        rm "$data.secret"
    fi
    # Tests kill the process, never the machine: what was written survives that without waiting for the disk.
    launch postgres "${AS_POSTGRES[@]}" "$bin/postgres" -D "$data" -p "${PORTS[postgres]}" -c listen_addresses=127.0.0.1 \
        -c unix_socket_directories= -c max_connections=200 -c fsync=off -c full_page_writes=off
}

start_redis() {
    launch redis redis-server --port "${PORTS[redis]}" --bind 127.0.0.1 --save '' --appendonly no --dir "$RUN"
}

start_minio() {
    mkdir -p "$RUN/minio"
    MINIO_ROOT_USER=sohoa MINIO_ROOT_PASSWORD=$(cat "$RUN/secret") MINIO_BROWSER=off MINIO_KMS_SECRET_KEY=$(cat "$RUN/minio.kms") \
        launch minio "$CACHE/minio-$MINIO_VERSION/minio" server --quiet --address "127.0.0.1:${PORTS[minio]}" "$RUN/minio"
}

start_versitygw() {
    mkdir -p "$RUN/versitygw" "$RUN/versitygw-versions"
    ROOT_ACCESS_KEY=sohoa ROOT_SECRET_KEY=$(cat "$RUN/secret") \
        launch versitygw "$CACHE/versitygw-$VERSITYGW_VERSION/versitygw" --port "127.0.0.1:${PORTS[versitygw]}" --quiet \
        posix --versioning-dir "$RUN/versitygw-versions" "$RUN/versitygw"
}

start_opensearch() {
    choose_opensearch
    # The runner's ports are a base and the node's number.
    launch opensearch "$JAVA" -Xms512m -Xmx1g -cp "$OPENSEARCH/lib/*" org.codelibs.opensearch.runner.OpenSearchRunner \
        -basePath "$RUN/opensearch" -numOfNode 1 -baseHttpPort $((PORTS[opensearch] - 1)) -clusterName sohoa-test
}

is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

await() {
    local name=$1 waited=0
    until is_open "${PORTS[$name]}"; do
        kill -0 "$(cat "$RUN/$name.pid")" 2>/dev/null || { tail -20 "$RUN/$name.log" >&2; fail "$name did not start; see $RUN/$name.log"; }
        [ $((waited += 1)) -lt 600 ] || fail "$name does not answer; see $RUN/$name.log"
        sleep 0.1
    done
}

# halt NAME SIGNAL
halt() {
    local pid waited=0 file=$RUN/$1.pid
    [ -f "$file" ] || return 0
    pid=$(cat "$file")
    kill -"$2" "$pid" 2>/dev/null || true
    while kill -0 "$pid" 2>/dev/null; do
        [ $((waited += 1)) -lt 300 ] || { kill -9 "$pid" 2>/dev/null || true; break; }
        sleep 0.1
    done
    rm -f "$file"
}

write_list() {
    local secret
    secret=$(cat "$RUN/secret")
    cat >"$RUN/servers.json" <<END
{
 "postgres": "postgresql+psycopg://sohoa:$secret@127.0.0.1:${PORTS[postgres]}/postgres",
 "redis": "redis://127.0.0.1:${PORTS[redis]}/0",
 "minio": "http://127.0.0.1:${PORTS[minio]}",
 "versitygw": "http://127.0.0.1:${PORTS[versitygw]}",
 "opensearch": "http://127.0.0.1:${PORTS[opensearch]}",
 "secured_opensearch": "https://127.0.0.1:${PORTS[secured]}",
 "secured_password_file": "$RUN/secured-secrets/search_password",
 "secured_authority": "$RUN/secured-secrets/ca.crt",
 "access_key_file": "$RUN/access",
 "secret_key_file": "$RUN/secret"
}
END
}

start_all() {
    local name
    for name in "${SERVERS[@]}"; do
        is_open "${PORTS[$name]}" && fail "something listens on port ${PORTS[$name]} already; 'servers.sh stop' stops what this started"
    done
    build_all
    rm -rf "$RUN"
    mkdir -p "$RUN"
    (umask 077 && head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$RUN/secret")
    printf sohoa >"$RUN/access"
    (umask 077 && printf 'sohoa:%s' "$(head -c 32 /dev/urandom | base64)" >"$RUN/minio.kms")
    for name in "${SERVERS[@]}"; do "start_$name"; done
    for name in "${SERVERS[@]}"; do await "$name"; done
    await_users
    write_list
    say "servers are up: build/servers/servers.json"
}

stop_all() {
    local name
    for name in "${SERVERS[@]}"; do halt "$name" "$(signal_of "$name")"; done
    rm -rf "$RUN"
}

# PostgreSQL's fast stop is SIGINT; SIGTERM waits for every client.
signal_of() { if [ "$1" = postgres ]; then echo INT; else echo TERM; fi; }

case "${1:-}" in
    build) build_all ;;
    start) start_all ;;
    stop) stop_all ;;
    start-one) "start_$2" && await "$2" ;;
    stop-one) halt "$2" "$(signal_of "$2")" ;;
    kill-one) halt "$2" KILL ;;
    *) fail "say start, stop or build; or start-one, stop-one, kill-one and a name of: ${SERVERS[*]}" ;;
esac
