# shellcheck shell=bash
# Processes that outlive this script: started in a session of their own with a log file, remembered in pid/NAME (nothing but
# the number, so that `kill -9 $(cat ...)` works), ended by that number only after a look that it is still the one started.

log_of() { echo "$run/log/$1.log"; }
pid_file() { echo "$run/pid/$1"; }
names_with_pid() { find "$run/pid" -maxdepth 1 -type f -not -name '.*' -printf '%f\n' 2>/dev/null | sort; }

# started_at PID: seconds since 1970, from the boot time and the process's start in clock ticks.
started_at() {
    local stat fields boot
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
    read -r -a fields <<<"${stat##*) }"
    [[ ${fields[0]} != Z ]] || return 1
    boot=$(awk '/^btime/ {print $2}' /proc/stat)
    echo $((boot + fields[19] / $(getconf CLK_TCK)))
}

# pid_of NAME: its number if it runs. A number that was given to another process since is told apart by its start: ours
# began before its pid file was written, the other can only have begun after ours had ended.
pid_of() {
    local file pid began
    file=$(pid_file "$1")
    pid=$(cat "$file" 2>/dev/null) || return 1
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    began=$(started_at "$pid") || return 1
    ((began <= $(stat -c %Y "$file") + 2)) || return 1
    echo "$pid"
}

# start_process NAME COMMAND...: in a session of its own, so that the end of this script or a Ctrl-C does not reach it.
# setsid replaces itself by the command (a background job leads no process group), so $! is the program's own number.
start_process() {
    local name=$1 log
    shift
    log=$(log_of "$name")
    mkdir -p "$run/pid" "$run/log"
    [[ ! -s $log ]] || mv -f "$log" "$log.1"
    (
        # The locks that guard a start (with_lock) and a test run must not live on in the process.
        if [[ -n ${lock_fd:-} ]]; then exec {lock_fd}>&-; fi
        if [[ -n ${test_lock:-} ]]; then exec {test_lock}>&-; fi
        exec setsid "$@"
    ) >"$log" 2>&1 </dev/null &
    printf '%s\n' "$!" >"$run/pid/.$name.$$"
    mv -f "$run/pid/.$name.$$" "$(pid_file "$name")"
}

# wait_ready NAME SECONDS CHECK...: returns once CHECK holds; when it does not in time, or the process ends before, says so
# with the end of its log, and fails.
wait_ready() {
    local name=$1 limit=$2 end
    shift 2
    end=$(($(now_ms) + limit * 1000))
    while (($(now_ms) < end)); do
        if "$@"; then return 0; fi
        pid_of "$name" >/dev/null || {
            show_log_end "$name" "$name ended while it was starting"
            rm -f "$(pid_file "$name")"
            return 1
        }
        sleep 0.1
    done
    show_log_end "$name" "$name was not ready within $limit s"
    return 1
}

show_log_end() {
    say "error: $2; the end of $(log_of "$1"):"
    tail -n 25 "$(log_of "$1")" >&2 || true
}

# stop_process NAME SIGNAL SECONDS: waits for the end; what does not end in time is killed, and that is a failure.
stop_process() {
    local name=$1 signal=$2 limit=$3 pid start end
    if ! pid=$(pid_of "$name"); then
        rm -f "$(pid_file "$name")"
        say "$name does not run"
        return 0
    fi
    start=$(now_ms)
    end=$((start + limit * 1000))
    kill -s "$signal" "$pid"
    while pid_of "$name" >/dev/null; do
        if (($(now_ms) > end)); then
            kill -s KILL "$pid" || true
            rm -f "$(pid_file "$name")"
            say "error: $name (pid $pid) had not ended $limit s after SIG$signal and was killed"
            return 1
        fi
        sleep 0.05
    done
    rm -f "$(pid_file "$name")"
    say "$name stopped ($(seconds_since "$start"))"
}

# with_lock COMMAND...: one start or stop at a time per run directory; tests run side by side and call this script.
with_lock() {
    local lock_fd
    mkdir -p "$run"
    exec {lock_fd}>"$run/.lock"
    flock -w 120 "$lock_fd" || die "another ./dev holds $run/.lock for more than two minutes"
    "$@"
    exec {lock_fd}>&-
}
