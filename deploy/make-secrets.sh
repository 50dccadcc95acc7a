#!/usr/bin/env bash
# Makes what the Docker stack keeps secret, in deploy/secrets: random passwords and keys, a certificate authority of this
# installation, and a certificate for each server. What is there already stays.
#   make-secrets.sh NAME…      NAME: host names and addresses by which people reach the service; they go into its certificate
#   make-secrets.sh --renew NAME…   new certificates from the same authority; passwords and keys stay
# An office with a certificate of its own puts it in place of secrets/proxy.pem: certificate, chain and private key in one file.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
umask 077

SECRETS=${SOHOA_SECRETS:-secrets}
SERVERS=(postgres valkey minio opensearch api)
AUTHORITY_DAYS=3650
CERTIFICATE_DAYS=820

fail() { echo "make-secrets: $*" >&2; exit 1; }

RENEW=
if [ "${1:-}" = --renew ]; then
    RENEW=yes
    shift
fi
[ $# -gt 0 ] || fail "name the host names or addresses by which people reach the service, such as: make-secrets.sh sohoa.tinh.vn 10.1.2.3"
command -v openssl >/dev/null || fail "openssl is missing. Install it: apt-get install openssl"
mkdir -p "$SECRETS"
# Nobody else on this machine gets in here. The files themselves can be read by all, for each is mounted alone into
# containers whose users are not those of this machine.
chmod 700 "$SECRETS"

# keep NAME: the standard input as a secret, at once or not at all.
keep() {
    cat >"$SECRETS/.$1"
    [ -s "$SECRETS/.$1" ] || fail "$1 came out empty"
    chmod 444 "$SECRETS/.$1"
    mv "$SECRETS/.$1" "$SECRETS/$1"
}

# random BYTES: as hexadecimal digits, without a newline.
random() { head -c "$1" /dev/urandom | od -An -tx1 | tr -d ' \n'; }

# password NAME BYTES
password() {
    [ -s "$SECRETS/$1" ] || random "$2" | keep "$1"
}

make_authority() {
    [ ! -s "$SECRETS/ca.crt" ] || return 0
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt | keep ca.key
    # The containers need the certificate alone.
    chmod 400 "$SECRETS/ca.key"
    openssl req -x509 -new -sha256 -key "$SECRETS/ca.key" -days "$AUTHORITY_DAYS" -subj "/O=sohoa/CN=sohoa $(random 4)" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" | keep ca.crt
}

# subject_names NAME…: for the certificate's extension.
subject_names() {
    local name names=DNS:localhost,IP:127.0.0.1
    for name in "$@"; do
        case "$name" in
            localhost | 127.0.0.1) ;;
            *[!0-9.]* ) case "$name" in *:*) names+=",IP:$name" ;; *) names+=",DNS:$name" ;; esac ;;
            *) names+=",IP:$name" ;;
        esac
    done
    echo "$names"
}

# certificate FILE COMMON_NAME NAME…
certificate() {
    local file=$1 common=$2
    shift 2
    [ -n "$RENEW" ] || [ ! -s "$SECRETS/$file.crt" ] || return 0
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt | keep "$file.key"
    openssl req -new -sha256 -key "$SECRETS/$file.key" -subj "/CN=$common" |
        openssl x509 -req -sha256 -CA "$SECRETS/ca.crt" -CAkey "$SECRETS/ca.key" -set_serial "0x$(random 16)" \
            -days "$CERTIFICATE_DAYS" -extfile <(
                echo "basicConstraints=critical,CA:FALSE"
                echo "keyUsage=critical,digitalSignature"
                echo "extendedKeyUsage=serverAuth,clientAuth"
                echo "subjectAltName=$(subject_names "$@")"
            ) 2>/dev/null | keep "$file.crt"
}

password database_password 24
password broker_password 24
password search_password 24
password objects_access_key 10
password objects_secret_key 24
# A name and a key: a later one is put above it, and what was written with this one can still be read.
[ -s "$SECRETS/objects_key" ] || printf '%s %s\n' "$(date +%Y-%m-%d)" "$(head -c 32 /dev/urandom | base64)" | keep objects_key
password metrics_token 24
make_authority
for server in "${SERVERS[@]}"; do certificate "$server" "$server" "$server"; done
# With this one the rights in OpenSearch are changed later; no container has it.
certificate search_admin sohoa-search-admin search-admin
chmod 400 "$SECRETS/search_admin.key"
is_ours() { openssl verify -CAfile "$SECRETS/ca.crt" "$1" >/dev/null 2>&1; }
# One that an office got elsewhere is not ours to replace.
if [ ! -s "$SECRETS/proxy.pem" ] || { [ -n "$RENEW" ] && is_ours "$SECRETS/proxy.pem"; }; then
    certificate proxy "$1" "$@"
    cat "$SECRETS/proxy.crt" "$SECRETS/proxy.key" | keep proxy.pem
    rm -f "$SECRETS/proxy.crt" "$SECRETS/proxy.key"
fi
echo "make-secrets: $(realpath "$SECRETS") is complete. Keep a copy of it apart from this machine: without it no backup can be opened." >&2
echo "make-secrets: people's computers must trust $SECRETS/ca.crt, unless proxy.pem is from an authority that they know." >&2
