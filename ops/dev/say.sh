# shellcheck shell=bash
# What the script tells its user: one line per step, with the time it took when it took any. Details go to log files.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "error: $*"
    exit 1
}

now_ms() { local t=${EPOCHREALTIME/[.,]/}; echo "${t:0:-3}"; }

seconds_since() {
    local ms=$(($(now_ms) - $1))
    printf '%d.%d s' $((ms / 1000)) $((ms % 1000 / 100))
}

# step LOG WORDS -- COMMAND...: runs the command with its output in LOG, and shows LOG's end when it fails.
step() {
    local log=$1 words=$2 start
    shift 3
    start=$(now_ms)
    mkdir -p "$(dirname "$log")"
    if "$@" >"$log" 2>&1 </dev/null; then
        printf '  %-58s %s\n' "$words" "$(seconds_since "$start")" >&2
    else
        printf '  %-58s failed; the end of %s:\n' "$words" "$log" >&2
        tail -n 40 "$log" >&2
        return 1
    fi
}
