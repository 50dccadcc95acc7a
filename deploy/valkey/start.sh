#!/bin/sh
# Valkey with TLS and a password. It keeps nothing: what is to be done is in the database, and lost messages are sent again.
set -eu
umask 077
cat >/tmp/valkey.conf <<END
port 0
tls-port 6379
tls-cert-file /run/secrets/valkey.crt
tls-key-file /run/secrets/valkey.key
tls-ca-cert-file /run/secrets/ca.crt
tls-auth-clients no
save ""
appendonly no
dir /tmp
maxmemory 256mb
maxmemory-policy noeviction
requirepass $(cat /run/secrets/broker_password)
END
exec valkey-server /tmp/valkey.conf
