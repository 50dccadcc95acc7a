# A second OpenSearch, with its security plugin and the files of deploy/opensearch: TLS, a password, and a user with the
# rights that the Docker stack gives. Its last version whose plugin is among the jars. Sourced by scripts/servers.sh.
SECURED_VERSION=2.19.1.0
SECURED=$CACHE/opensearch-secured-$SECURED_VERSION

build_secured() {
    local plugin jar name
    [ -f "$SECURED/complete" ] && return
    say "OpenSearch $SECURED_VERSION with its security plugin"
    rm -rf "$SECURED"
    mkdir -p "$SECURED"
    mvn -q -B -f scripts/servers/pom.xml -Dopensearch.runner="$SECURED_VERSION" \
        dependency:copy-dependencies -DoutputDirectory="$SECURED/lib" >&2
    mvn -q -B -f scripts/servers/pom.xml -Dopensearch.runner="$SECURED_VERSION" dependency:copy -Dmdep.stripVersion=true \
        -Dartifact="org.opensearch.plugin:opensearch-security:$SECURED_VERSION:zip" -DoutputDirectory="$SECURED" >&2
    plugin=$SECURED/plugin
    "$(find_python)" -m zipfile -e "$SECURED/opensearch-security.zip" "$plugin"
    # One class path for all: of a jar that both have, the server's.
    for jar in "$plugin"/*.jar; do
        name=$(basename "$jar" .jar | sed -E 's/-[0-9][0-9A-Za-z.]*(-jre|\.Final)?$//')
        compgen -G "$SECURED/lib/$name-[0-9]*.jar" >/dev/null || mv "$jar" "$SECURED/lib/"
    done
    touch "$SECURED/complete"
}

start_secured() {
    local config=$RUN/secured/node_1/config hash
    read -r _ JAVA < <(find_java)
    if [ ! -d "$config" ]; then
        SOHOA_SECRETS=$RUN/secured-secrets deploy/make-secrets.sh localhost >>"$RUN/secured.log" 2>&1
        mkdir -p "$config/certs"
        (umask 077 && cp "$RUN"/secured-secrets/{ca.crt,opensearch.crt,opensearch.key} "$config/certs/")
        cp -r "$SECURED/plugin/config" "$config/opensearch-security"
        cp deploy/opensearch/roles.yml deploy/opensearch/roles_mapping.yml "$config/opensearch-security/"
        hash=$(SEARCH_PASSWORD=$(cat "$RUN/secured-secrets/search_password") "$JAVA" -cp "$SECURED/lib/*" \
            org.opensearch.security.tools.Hasher -env SEARCH_PASSWORD | grep -o '^\$2[aby]\$.*$' | tail -1)
        printf '_meta: {type: internalusers, config_version: 2}\nsohoa: {hash: "%s", description: the service}\n' "$hash" \
            >"$config/opensearch-security/internal_users.yml"
        { sed 's/^network.host:.*/network.host: 127.0.0.1/' deploy/opensearch/opensearch.yml
          echo "transport.port: $((PORTS[secured] + 100))"; } >"$config/opensearch.yml"
    fi
    launch secured "$JAVA" -Xms256m -Xmx768m -cp "$SECURED/lib/*" org.codelibs.opensearch.runner.OpenSearchRunner \
        -basePath "$RUN/secured" -numOfNode 1 -baseHttpPort $((PORTS[secured] - 1)) \
        -clusterName sohoa -pluginTypes org.opensearch.security.OpenSearchSecurityPlugin
}

# Its port is open before it knows its users.
await_users() {
    local waited=0
    until grep -q "ConfigurationRepository.*initialized" "$RUN/secured.log"; do
        [ $((waited += 1)) -lt 600 ] || fail "the secured OpenSearch has no users; see $RUN/secured.log"
        sleep 0.1
    done
}
