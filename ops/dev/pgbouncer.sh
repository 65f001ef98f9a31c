# shellcheck shell=bash
# A PgBouncer in transaction mode before the private cluster, for the tests. Any database and any role pass through it:
# it reads a role's SCRAM secret from the cluster (auth_query), so the password that works there works here.

pgbouncer_address() { echo "127.0.0.1:$(port_of pgbouncer)"; }

pgbouncer_settings() {
    cat <<END
[databases]
* = host=127.0.0.1 port=$(port_of postgres)
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $(port_of pgbouncer)
unix_socket_dir =
pool_mode = transaction
auth_type = scram-sha-256
auth_file = $run/pgbouncer/users
auth_user = postgres
admin_users = postgres
max_client_conn = 500
default_pool_size = 5
server_idle_timeout = 10
log_connections = 0
log_disconnections = 0
END
    # From 1.24 on it would rewrite named prepared statements by itself, and hide a program that uses them.
    if dpkg --compare-versions "$(dpkg-query -W -f='${Version}' pgbouncer)" ge 1.21; then echo 'max_prepared_statements = 0'; fi
}

pgbouncer_ready() {
    PGCONNECT_TIMEOUT=5 psql -X -q -At -c 'SELECT 1' \
        -d "postgresql://postgres:$(secret postgres)@$(pgbouncer_address)/postgres" >/dev/null 2>&1
}

start_pgbouncer() {
    install_packages pgbouncer
    local start dir=$run/pgbouncer command binary
    start=$(now_ms)
    own "$dir"
    pgbouncer_settings >"$dir/pgbouncer.ini"
    (umask 077 && printf '"postgres" "%s"\n' "$(secret postgres)" >"$dir/users")
    ! is_root || chown postgres "$dir/users"
    binary=$(PATH=$PATH:/usr/sbin command -v pgbouncer)
    server_command "$binary" "$dir/pgbouncer.ini"
    start_process pgbouncer "${command[@]}"
    wait_ready pgbouncer 30 pgbouncer_ready
    say "pgbouncer started on $(pgbouncer_address) ($(seconds_since "$start"))"
}

stop_pgbouncer() { stop_process pgbouncer INT 20; }
