# shellcheck shell=bash
# nd-ingest, nd-writer and nd-enricher, started with .run/env and nothing else, from the release build or $ND_BIN.

program_bin() { echo "${ND_BIN:-$(bin_of release)}"; }

# program_of NAME: nd-writer.2 is the second nd-writer, nd-writer.import the one for what `ndctl import` publishes.
program_of() { echo "${1%%.*}"; }

# admin_port NAME: where its /readyz, /healthz and /metrics are.
admin_port() {
    case $1 in
    nd-openai-stub) port_of "$1" ;;
    *) port_of "$1-admin" ;;
    esac
}

ready_answer() {
    local port=$1 status
    port_answers "$port" || return 1
    exec 4<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&4
    read -r -t 5 status <&4 || status=''
    exec 4>&-
    [[ $status == *' 200 '* ]]
}

start_program() {
    local name=$1 program path start listen admin
    program=$(program_of "$name")
    path=$(program_bin)/$program
    [[ -x $path ]] || die "$path is not there; './dev build' makes it"
    [[ -s $run/env ]] || die "$run/env is not there; './dev up' makes it"
    start=$(now_ms)
    listen=127.0.0.1:$(port_of "$name")
    admin=127.0.0.1:$(admin_port "$name")
    (
        # shellcheck source=/dev/null
        source "$run/env"
        # The first of each program listens where .run/env says; the others get a port of their own.
        case $name in
        nd-writer.import) export ND_WRITER_ADMIN_LISTEN=$admin ND_WRITER_IMPORT=1 ;;
        nd-writer.*) export ND_WRITER_ADMIN_LISTEN=$admin ;;
        nd-enricher.*) export ND_ENRICHER_ADMIN_LISTEN=$admin ;;
        nd-ingest.*) export ND_LISTEN=$listen ND_ADMIN_LISTEN=$admin ;;
        esac
        start_process "$name" "$path"
    )
    wait_ready "$name" 60 ready_answer "$(admin_port "$name")"
    say "$name started, admin on $admin ($(seconds_since "$start"))"
}

# SIGTERM drains for at most 30 s (--drain); more than that is a fault.
stop_program() { stop_process "$1" TERM 40; }
