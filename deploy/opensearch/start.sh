#!/bin/bash
# OpenSearch with its security plugin: TLS on both ports, one user with rights on the indexes of sohoa alone, no demo users.
# The plugin takes users and roles from these files at the very first start; later they are changed with securityadmin.sh.
set -euo pipefail
config=/usr/share/opensearch/config
security=$config/opensearch-security
umask 077
mkdir -p "$config/certs"
cp /run/secrets/ca.crt /run/secrets/opensearch.crt /run/secrets/opensearch.key "$config/certs/"
SEARCH_PASSWORD=$(cat /run/secrets/search_password)
export SEARCH_PASSWORD
# Its last line is the hash; above it stands what it has to say of itself.
hash=$(bash /usr/share/opensearch/plugins/opensearch-security/tools/hash.sh -env SEARCH_PASSWORD | grep -o '^\$2[aby]\$.*$' | tail -1)
unset SEARCH_PASSWORD
[ -n "$hash" ] || { echo "start: the password could not be hashed" >&2; exit 1; }
cat >"$security/internal_users.yml" <<END
_meta:
  type: internalusers
  config_version: 2
sohoa:
  hash: "$hash"
  description: the service
END
cp /deploy/roles.yml /deploy/roles_mapping.yml "$security/"
cp /deploy/opensearch.yml "$config/opensearch.yml"
exec /usr/share/opensearch/opensearch-docker-entrypoint.sh opensearch
