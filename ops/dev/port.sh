# shellcheck shell=bash
# Ports on 127.0.0.1: chosen free once, then kept in port/NAME, so that a stop and a start, or a kill and a restart by a test,
# find everything where it was. Taken below the range that the kernel hands out to outgoing connections.

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# forget_taken_ports: for `up`. While a part of ours was down, somebody else may have taken its port: it gets another one.
forget_taken_ports() {
    local file name
    for file in "$run"/port/*; do
        [[ -s $file ]] || continue
        name=${file##*/}
        name=${name%-admin}
        pid_of "${name%-controller}" >/dev/null || ! port_answers "$(cat "$file")" || rm -f "$file"
    done
}

# port_of NAME [WANTED]: the remembered port, or a new one; WANTED is taken for a new one if it is free.
port_of() {
    local file=$run/port/$1 port=${2:-} try
    if [[ -s $file ]]; then
        cat "$file"
        return
    fi
    mkdir -p "$run/port"
    for try in {1..200}; do
        if [[ -z $port || $try -gt 1 ]]; then port=$((20000 + SRANDOM % 12000)); fi
        if ! port_answers "$port" && ! grep -qsx "$port" "$run"/port/*; then
            echo "$port" >"$file"
            echo "$port"
            return
        fi
    done
    die "no free port on 127.0.0.1 in 200 tries"
}
