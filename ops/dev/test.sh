# shellcheck shell=bash
# ./dev test: builds, starts a Kafka, a PostgreSQL and a PgBouncer that only the tests use, runs ctest, and adds up. A line
# per stage with its time; what a stage printed is in .run/log/ and shown when it fails.

cmd_test() {
    local all='' ctest_args=() start
    start=$(now_ms)
    if [[ ${1:-} == --all ]]; then
        all=1
        shift
    fi
    ctest_args=("$@")
    # shellcheck disable=SC2046
    install_packages $(build_packages) $(server_packages) $(test_packages)
    build release
    open_test_run
    if needs_servers "${ctest_args[@]}"; then
        prepare_venv
        with_lock start_test_system
        export_test_env
    fi
    if [[ ${#ctest_args[@]} -gt 0 ]]; then
        run_ctest release "${ctest_args[@]}"
    else
        run_every_stage "$all"
    fi
    summary "$start"
}

run_every_stage() {
    local long_runs='^fuzz$'
    run_ctest release -LE "$long_runs"
    build_tests asan '^(unit|kafka)$'
    run_ctest asan -L '^(unit|kafka)$' -LE "$long_runs"
    [[ -n $1 ]] || return 0
    build_tests asan '^pg$'
    run_ctest asan -L '^pg$' -LE "$long_runs"
    build_tests tsan '^threads$'
    run_ctest tsan -L '^threads$' -LE "$long_runs"
    if [[ $(suite) != bookworm ]]; then
        say '  fuzz: skipped, it needs clang 14, which is Debian 12'\''s'
        return 0
    fi
    build_tests fuzz "$long_runs"
    run_ctest fuzz -L "$long_runs"
}

# build_tests PRESET LABELS: only what those tests need; a test has the name of its target.
build_tests() {
    local preset=$1 names
    step "$root/.run/log/configure-$preset.log" "configure ($preset)" -- cmake --preset "$preset"
    mapfile -t names < <(ctest --test-dir "$root/build/$preset" -N -L "$2" | sed -n 's/^ *Test *#[0-9]*: //p')
    [[ ${#names[@]} -gt 0 ]] || return 0
    step "$root/.run/log/build-$preset.log" "compile ($preset, ${#names[@]} test programs)" -- \
        cmake --build --preset "$preset" --target "${names[@]}"
}

# needs_servers ARGS...: these bring all they need with them (librdkafka has a broker of its own to test with).
needs_servers() {
    local labels
    [[ $# -gt 0 ]] || return 0
    # Not a pipe: grep -q leaves at the first match, and what is still to be written would make the answer no.
    labels=$(python3 "$root/ops/dev/totals.py" --labels "$root/build/release" "$@")
    grep -qvx -e unit -e kafka -e threads -e record <<<"$labels"
}

# open_test_run: everything under .run/test, new each time; one ./dev test at a time may have it.
open_test_run() {
    run=$run/test
    mkdir -p "$run"
    exec {test_lock}>"${run%/test}/.test-lock"
    flock -n "$test_lock" || die "another ./dev test runs in ${run%/test}"
    close_test_system
    find "$run" -mindepth 1 -delete
    trap close_test_system EXIT
    trap 'exit 130' INT TERM HUP
    export_options
}

export_options() {
    export ND_TEST_BIN ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:suppressions=$root/tests/tsan.supp
    # A broker that lives for a test is never worth the optimising compiler: this halves the CPU time of its start.
    export KAFKA_OPTS=-XX:TieredStopAtLevel=1 KAFKA_HEAP_OPTS='-Xms256m -Xmx512m'
    ND_TEST_BIN=$(bin_of release)
}

start_test_system() {
    start_one postgres
    start_one kafka
    start_one pgbouncer
    write_env
}

export_test_env() {
    # shellcheck source=/dev/null
    source "$run/env"
    ND_TEST_ADMIN_DATABASE_URL=$(admin_url postgres)
    ND_TEST_PGBOUNCER=$(pgbouncer_address)
    ND_TEST_KAFKA=$(kafka_bootstrap)
    ND_TEST_SCHEMATHESIS=$(venv_program schemathesis)
    ND_TEST_PYTHON=$(venv_program python3)
    export_server_env
    # Tests call this script again for systems of their own; with ND_BIN it takes the programs as they are.
    ND_DEV=$dev ND_BIN=$ND_TEST_BIN
    export ND_TEST_ADMIN_DATABASE_URL ND_TEST_PGBOUNCER ND_TEST_KAFKA ND_TEST_SCHEMATHESIS ND_TEST_PYTHON ND_DEV ND_BIN
}

# close_test_system: stops what runs in .run/test and in the run directories that tests made inside it.
close_test_system() {
    local dir test_run=$run
    for dir in "$test_run"/*/pid "$test_run/pid"; do
        [[ -d $dir ]] || continue
        run=${dir%/pid}
        stop_all 2>/dev/null || true
    done
    run=$test_run
    remove_disks "$run/faults"
}

test_failures=0

# run_ctest PRESET ARGS...: a failing test does not keep the next stages from running.
run_ctest() {
    local preset=$1 start junit status=0
    shift
    start=$(now_ms)
    junit=$root/build/$preset/ctest.xml
    say "  ctest ($preset): $*"
    rm -f "$junit"
    # One more than cores: half of what the whole systems do is waiting.
    ctest --test-dir "$root/build/$preset" --output-on-failure --no-tests=error -j $(($(nproc) + 1)) --output-junit "$junit" \
        --test-output-size-passed 4000000 --test-output-size-failed 4000000 "$@" 2>&1 {test_lock}>&- | sed -u 's/^/    /' || status=$?
    [[ ! -s $junit ]] || python3 "$root/ops/dev/totals.py" "$junit" "$root/build/$preset" "$preset" >>"$run/totals"
    say "  ctest ($preset): $(seconds_since "$start")"
    ((status == 0)) || test_failures=$((test_failures + 1))
}

summary() {
    [[ -s $run/totals ]] || die 'no test ran'
    python3 "$root/ops/dev/totals.py" --sum "$run/totals" "$(seconds_since "$1")"
    ((test_failures == 0))
}
