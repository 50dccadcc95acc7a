#!/bin/sh
# PostgreSQL with TLS. It refuses a key that others can read, and a mounted secret can be read by all in its container.
set -eu
install -m 0600 /run/secrets/postgres.key /tmp/postgres.key
exec docker-entrypoint.sh postgres \
    -c ssl=on -c ssl_cert_file=/run/secrets/postgres.crt -c ssl_key_file=/tmp/postgres.key -c ssl_min_protocol_version=TLSv1.3 \
    -c password_encryption=scram-sha-256 -c max_connections=200 -c shared_buffers=512MB -c work_mem=16MB \
    -c wal_compression=on -c log_min_error_statement=panic -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0
