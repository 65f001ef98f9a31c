# shellcheck shell=bash
# The whole system: up, down, status, and start and stop of one part.

# The order of starting; `down` goes through it from the end.
part_order() { printf '%s\n' postgres kafka pgbouncer nd-openai-stub nd-writer nd-enricher nd-ingest; }

known_name() {
    [[ $1 =~ ^(kafka|postgres|pgbouncer|nd-ingest(\.[0-9]+)?|nd-writer(\.([0-9]+|import))?|nd-enricher(\.[0-9]+)?|nd-openai-stub)$ ]] || {
        say "'$1' is no part of the system; there are: kafka postgres pgbouncer nd-ingest nd-writer nd-writer.import nd-writer.2" \
            "nd-enricher nd-openai-stub"
        exit 2
    }
}

cmd_start() {
    [[ $# -eq 1 ]] || { say 'usage: ./dev start NAME' && exit 2; }
    known_name "$1"
    with_lock start_one "$1"
}

cmd_stop() {
    [[ $# -eq 1 ]] || { say 'usage: ./dev stop NAME' && exit 2; }
    known_name "$1"
    with_lock stop_one "$1"
}

start_one() {
    local pid
    if pid=$(pid_of "$1"); then
        say "$1 runs already (pid $pid)"
        return 0
    fi
    case $1 in
    kafka | postgres | pgbouncer) "start_$1" ;;
    *) start_program "$1" ;;
    esac
}

stop_one() {
    case $1 in
    kafka | postgres | pgbouncer) "stop_$1" ;;
    *) stop_program "$1" ;;
    esac
}

cmd_up() {
    # With ND_BIN somebody else has built the programs: the tests, which start systems of their own side by side.
    [[ -n ${ND_BIN:-} ]] || build release
    with_lock system_up
    say "the system is up; 'source $run/env' gives your shell its addresses and keys"
}

system_up() {
    forget_taken_ports
    start_one postgres
    start_one kafka
    write_env
    prepare_database
    make_tenants
    write_env
    start_current nd-ingest
    start_current nd-writer
    start_current nd-writer.import
    start_current nd-openai-stub
    start_current nd-enricher
}

# start_current NAME: a program that was built again since it started is started again, so that `up` shows what was built.
start_current() {
    local pid
    if pid=$(pid_of "$1") && [[ $(readlink "/proc/$pid/exe") == *' (deleted)' ]]; then
        stop_one "$1"
    fi
    start_one "$1"
}

ndctl() (
    # shellcheck source=/dev/null
    source "$run/env"
    exec "$(program_bin)/ndctl" "$@"
)

prepare_database() {
    step "$run/log/migrate.log" 'roles, migrations, partitions and topics' -- migrate_all
}

migrate_all() {
    ndctl migrate --roles && ndctl partitions && ndctl topics
}

# make_tenants: two tenants with a key each, remembered so that a second `up` finds them again.
make_tenants() {
    [[ ! -s $run/secret/tenants ]] || return 0
    local part=$run/secret/.tenants.$$ suffix made
    install -m 0600 /dev/null "$part"
    for suffix in '' _B; do
        # Without a name it gets a random one, so that an `up` that was cut short here can be repeated.
        made=$(ndctl tenant create --with-key --json)
        printf 'export ND_TENANT%s=%s\nexport ND_KEY%s=%s\n' "$suffix" "$(json_field tenant_id <<<"$made")" \
            "$suffix" "$(json_field key <<<"$made")"
    done >"$part"
    mv "$part" "$run/secret/tenants"
}

json_field() { sed -n 's/.*"'"$1"'" *: *"\([^"]*\)".*/\1/p' | head -n 1; }

cmd_down() {
    [[ $# -eq 0 || $* == --wipe ]] || { say 'usage: ./dev down [--wipe]' && exit 2; }
    [[ -d $run ]] || { say 'nothing is up' && return 0; }
    with_lock stop_all
    [[ ${1:-} != --wipe ]] || wipe
}

stop_all() {
    local part name
    for part in $(part_order | tac); do
        for name in $(names_with_pid); do
            [[ $(program_of "$name") != "$part" ]] || stop_one "$name"
        done
    done
}

# wipe: removes what `up` made in the run directory; .run/test, the tests' own, stays.
wipe() {
    local made=(kafka postgres pgbouncer pid port secret log env .lock) name
    case $(socket_dir) in /tmp/nd-*) rm -rf "$(socket_dir)" ;; esac
    for name in "${made[@]}"; do
        if [[ -O $run/$name || ! -e $run/$name ]]; then rm -rf "${run:?}/$name"; else as_root rm -rf "${run:?}/$name"; fi
    done
    rmdir "$run" 2>/dev/null || true
    say "wiped $run"
}

cmd_status() {
    local name pid any=
    for name in $(part_order) $(names_with_pid | grep -F . || true); do
        if pid=$(pid_of "$name"); then
            any=1
            printf '%-12s running  pid %-8s 127.0.0.1:%-6s %s\n' "$name" "$pid" "$(main_port "$name")" "$(log_of "$name")"
        elif [[ -e $(pid_file "$name") ]]; then
            printf '%-12s ended without being asked to; see %s\n' "$name" "$(log_of "$name")"
        fi
    done
    if [[ -z $any ]]; then echo "nothing runs in $run"; fi
}

main_port() {
    case $1 in
    nd-writer* | nd-enricher* | nd-openai-stub) admin_port "$1" ;;
    *) port_of "$1" ;;
    esac
}

cmd_logs() {
    [[ $# -eq 1 ]] || { say 'usage: ./dev logs NAME' && exit 2; }
    known_name "$1"
    [[ -e $(log_of "$1") ]] || die "$1 has no log yet"
    exec tail -n 50 -F "$(log_of "$1")"
}
