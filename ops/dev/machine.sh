# shellcheck shell=bash
# What machine this is: which Debian, which user, and how to do what only root may.

suite() {
    local VERSION_CODENAME=''
    # shellcheck source=/dev/null
    source /etc/os-release
    echo "$VERSION_CODENAME"
}

is_root() { [[ $(id -u) -eq 0 ]]; }

as_root() {
    if is_root; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo -- "$@"
    else
        die "this needs root and there is no sudo: $*"
    fi
}

# server_user: PostgreSQL and PgBouncer refuse to run as root, so root lends them the user that their packages made.
server_user() {
    if is_root; then echo postgres; else id -un; fi
}

# server_command COMMAND...: sets `command` to one that runs it as server_user. Ambient CAP_DAC_READ_SEARCH lets it walk
# through a folder such as /root (mode 0700) to its own files; without that a clone there could not hold its own data.
server_command() {
    command=("$@")
    is_root || return 0
    local as=(setpriv --reuid=postgres --regid=postgres --init-groups --inh-caps=-all)
    if ! "${as[@]}" test -x "$run"; then as=("${as[@]:0:4}" --inh-caps=+dac_read_search --ambient-caps=+dac_read_search); fi
    command=("${as[@]}" "$@")
}

# own DIR: makes a folder that only server_user reads.
own() {
    mkdir -p "$1"
    chmod 0700 "$1"
    if is_root; then chown postgres:postgres "$1"; fi
}
