# shellcheck shell=bash
# ./dev bench: nd-bench with a Kafka and a Postgres of its own in bench/ in the run directory, so that no figure depends on
# what a running system holds. The report's page is drawn beside its JSON.

cmd_bench() {
    case ${1:-} in
    run | compare | sizing | '' | -h | --help) ;;
    report) shift && draw_report "$@" && return 0 ;;
    *) say "usage: ./dev bench run SCENARIO [ARGS] | compare A.json B.json | sizing A.json | report A.json" && exit 2 ;;
    esac
    # shellcheck disable=SC2046
    install_packages $(build_packages) $(server_packages) $(bench_packages)
    build release nd-bench nd-ingest nd-writer nd-enricher nd-openai-stub ndctl
    local status=0 out=''
    if [[ ${1:-} != run || $* == *--help* ]]; then
        "$(bin_of release)/nd-bench" "$@" || exit $?
        return 0
    fi
    run=$run/bench
    ND_BIN=$(bin_of release)
    export ND_BIN
    trap 'close_bench' EXIT
    trap 'exit 130' INT TERM HUP
    with_lock open_bench
    out=$(report_path "$@")
    [[ $* == *--out* ]] || set -- "$@" --out "$out"
    (
        # shellcheck source=/dev/null
        source "$run/env"
        export ND_BENCH_BROKER_PID ND_BENCH_RECORDING ND_BENCH_LOG_DIR ND_BENCH_COMMIT ND_BENCH_CERTIFICATES
        ND_BENCH_BROKER_PID=$(cat "$(pid_file kafka)")
        ND_BENCH_RECORDING=$root/tests/record/recording/events.ndjson.gz
        ND_BENCH_LOG_DIR=$run/log
        ND_BENCH_CERTIFICATES=$run/secret
        ND_BENCH_COMMIT=$(git -C "$root" describe --always --dirty 2>/dev/null || echo unknown)
        "$(bin_of release)/nd-bench" "$@"
    ) || status=$?
    [[ ! -s $out ]] || draw_report "$out"
    return "$status"
}

# report_path run SCENARIO ARGS: what --out says, or a name with the time in bench/ of the run directory.
report_path() {
    local word previous=''
    for word in "$@"; do
        case $word in --out=*) echo "${word#--out=}" && return ;; esac
        if [[ $previous == --out ]]; then echo "$word" && return; fi
        previous=$word
    done
    mkdir -p "$run/report"
    echo "$run/report/${2:-run}-$(date -u +%Y%m%dT%H%M%SZ).json"
}

open_bench() {
    # A figure must not depend on the rows and records of the last run; the reports stay.
    stop_all
    wipe
    start_one postgres
    start_one kafka
    write_env
    prepare_database
    self_signed
}

# self_signed: a certificate for 127.0.0.1; nd-bench takes it for --tls.
self_signed() {
    [[ ! -s $run/secret/bench.pem ]] || return 0
    mkdir -p "$run/secret"
    (umask 077 && openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 \
        -keyout "$run/secret/bench.key" -out "$run/secret/bench.pem" 2>/dev/null)
}

# Nothing of it is worth keeping but the reports.
close_bench() {
    stop_all >/dev/null 2>&1 || true
}

draw_report() {
    [[ $# -eq 1 && -s $1 ]] || { say 'usage: ./dev bench report FILE.json' && exit 2; }
    # shellcheck disable=SC2046
    install_packages $(bench_packages)
    PYTHONDONTWRITEBYTECODE=1 python3 "$root/bench/report.py" "$1" "${1%.json}.html"
}
