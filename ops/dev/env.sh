# shellcheck shell=bash
# .run/env: everything a program, ndctl, a test or a person needs to reach the private system, as `export NAME=value` lines.
# Written whole at each `up`, for this user only, because it holds passwords and keys.

# people_port: 8080, which people expect, but not for the systems that tests start.
people_port() { [[ -n ${ND_BIN:-} ]] || echo 8080; }

role_url() { echo "postgresql://nd_$1:$(secret "nd_$1")@127.0.0.1:$(port_of postgres)/${2:-nd}"; }

write_env() {
    local role part=$run/.env.$$
    (
        umask 077
        {
            # shellcheck disable=SC2016
            printf 'export PATH=%q:"$PATH"\n' "$(program_bin)"
            echo "export ND_RUN_DIR=$run"
            echo "export ND_KAFKA=$(kafka_bootstrap)"
            echo "export ND_SINGLE_BROKER=1"
            echo "export ND_KEY_PEPPER_FILE=$(pepper_file)"
            echo "export ND_RECEIPT_KEY_FILES=$(receipt_key_file)"
            echo "export ND_ADMIN_DATABASE_URL='$(admin_url)'"
            for role in migrate operator ingest reader writer enricher backup; do
                echo "export ND_${role^^}_DATABASE_URL='$(role_url "$role")'"
            done
            # The private system asks a stand-in, never the real service, whatever the shell that starts it has set.
            echo "export ND_OPENAI_URL=http://127.0.0.1:$(port_of nd-openai-stub)/v1"
            echo "export ND_OPENAI_KEY_FILE=$(openai_key_file)"
            echo "export ND_OPENAI_STUB_LISTEN=127.0.0.1:$(port_of nd-openai-stub)"
            echo "export ND_LISTEN=127.0.0.1:$(port_of nd-ingest "$(people_port)")"
            echo "export ND_ADMIN_LISTEN=127.0.0.1:$(admin_port nd-ingest)"
            echo "export ND_WRITER_ADMIN_LISTEN=127.0.0.1:$(admin_port nd-writer)"
            echo "export ND_ENRICHER_ADMIN_LISTEN=127.0.0.1:$(admin_port nd-enricher)"
            echo "export ND_URL=http://127.0.0.1:$(port_of nd-ingest)"
            echo "export ND_ADMIN_URL=http://127.0.0.1:$(admin_port nd-ingest)"
            echo "export ND_WRITER_ADMIN_URL=http://127.0.0.1:$(admin_port nd-writer)"
            echo "export ND_ENRICHER_ADMIN_URL=http://127.0.0.1:$(admin_port nd-enricher)"
            cat "$run/secret/tenants" 2>/dev/null || true
        } >"$part"
    )
    mv -f "$part" "$run/env"
}
