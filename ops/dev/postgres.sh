# shellcheck shell=bash
# One private PostgreSQL cluster under postgres/ in the run directory, on a port of its own. Its data survives stop and
# start. The machine's own clusters are never touched; durable settings (fsync, full_page_writes) stay on.

postgres_bin() {
    local dir
    dir=$(find /usr/lib/postgresql -mindepth 3 -maxdepth 3 -name postgres -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1)
    [[ -n $dir ]] || die "no PostgreSQL server found; './dev install' brings one"
    dirname "$dir"
}

# admin_url [DATABASE]: the superuser of the private cluster, over TCP.
admin_url() { echo "postgresql://postgres:$(secret postgres)@127.0.0.1:$(port_of postgres)/${1:-nd}"; }

# socket_dir: a Unix socket's path may have 107 bytes, so a long run directory gets a folder under /tmp.
socket_dir() {
    local dir=$run/postgres/socket
    if ((${#dir} > 80)); then dir=/tmp/nd-$(id -u)-$(printf '%s' "$run" | sha256sum | cut -c 1-12); fi
    echo "$dir"
}

init_postgres() {
    local dir=$run/postgres command password
    [[ ! -e $dir/data/PG_VERSION ]] || return 0
    own "$dir"
    rm -rf "$dir/data"
    password=$dir/password
    (umask 077 && secret postgres >"$password")
    ! is_root || chown postgres "$password"
    server_command "$(postgres_bin)/initdb" -D "$dir/data" -U postgres -A scram-sha-256 --pwfile="$password" \
        -E UTF8 --locale=C.UTF-8 --no-instructions
    step "$run/log/initdb.log" 'a private PostgreSQL cluster' -- in_root_folder "${command[@]}" || return 1
    rm -f "$password"
}

# A server user may not be able to read the folder that the caller stands in.
in_root_folder() (cd / && "$@")

postgres_settings() {
    cat <<END
listen_addresses = '127.0.0.1'
port = $(port_of postgres)
unix_socket_directories = '$(socket_dir)'
max_connections = 200
shared_buffers = 256MB
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
log_statement = 'none'
log_checkpoints = off
END
}

sql_admin() { PGCONNECT_TIMEOUT=5 psql -X -q -v ON_ERROR_STOP=1 -At -d "$(admin_url "$1")" -c "$2"; }
postgres_ready() { sql_admin postgres 'SELECT 1' >/dev/null 2>&1; }

# wait_for_remains: after a kill -9 the server's children need a moment to see it, and until then a new one refuses to start.
# The socket's lock names the former server too when its data directory is lost.
wait_for_remains() {
    local data=$run/postgres/data try process busy former
    former=$({ head -qn 1 "$data/postmaster.pid" "$(socket_dir)"/.s.PGSQL.*.lock 2>/dev/null || true; } | sort -u | tail -n 1)
    [[ -n $former ]] || return 0
    for try in {1..150}; do
        busy=''
        ! grep -qs postgres "/proc/$former/comm" || busy=$former
        for process in /proc/[0-9]*; do
            [[ $(readlink "$process/cwd" 2>/dev/null) != "$data" ]] || busy=${process#/proc/}
        done
        [[ -n $busy ]] || return 0
        sleep 0.1
    done
    say "note: process $busy still holds $data after ${try}00 ms"
}

start_postgres() {
    # shellcheck disable=SC2046
    install_packages $(server_packages)
    local start dir=$run/postgres command
    start=$(now_ms)
    mkdir -p "$run/log"
    init_postgres
    own "$(socket_dir)"
    postgres_settings >"$dir/data/nd.conf"
    grep -qs "^include 'nd.conf'" "$dir/data/postgresql.conf" || echo "include 'nd.conf'" >>"$dir/data/postgresql.conf"
    wait_for_remains
    server_command "$(postgres_bin)/postgres" -D "$dir/data"
    start_process postgres "${command[@]}"
    wait_ready postgres 120 postgres_ready
    [[ $(sql_admin postgres "SELECT count(*) FROM pg_database WHERE datname = 'nd'") == 1 ]] ||
        sql_admin postgres 'CREATE DATABASE nd'
    say "postgres started on 127.0.0.1:$(port_of postgres) ($(seconds_since "$start"))"
}

# SIGINT is PostgreSQL's "fast": connections are ended, a checkpoint is written. SIGTERM would wait for the connections.
stop_postgres() { stop_process postgres INT 120; }
