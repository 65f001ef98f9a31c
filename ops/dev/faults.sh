# shellcheck shell=bash
# ./dev faults: nd-faults with a system of its own under faults/ in the run directory; see tests/faults/campaign.hpp.

# export_server_env: what a test program needs to run servers as its own children.
export_server_env() {
    ND_TEST_BIN=$(bin_of release)
    ND_TEST_JAVA=$(java_binary)
    ND_TEST_KAFKA_JARS=$(kafka_jars)
    ND_TEST_KAFKA_PROPERTIES=$root/ops/kafka/server.properties
    export ND_TEST_BIN ND_TEST_JAVA ND_TEST_KAFKA_JARS ND_TEST_KAFKA_PROPERTIES
}

cmd_faults() {
    # shellcheck disable=SC2046
    install_packages $(build_packages) $(server_packages)
    fetch_kafka
    build release nd-faults nd-ingest nd-writer ndctl
    local folder=$run/faults status=0
    mkdir -p "$folder"
    exec {faults_lock}>"$run/.faults-lock"
    flock -n "$faults_lock" || die "another ./dev faults runs in $run"
    remove_disks "$folder"
    find "$folder" -mindepth 1 -delete
    export_server_env
    trap 'remove_disks "$run/faults"' EXIT
    [[ $* == *--out* ]] || set -- "$@" --out "$run/faults/summary.json"
    # Its servers end with it; a server must not hold the lock of a run that is over.
    "$ND_TEST_BIN/nd-faults" "$@" --folder "$folder" {faults_lock}>&- || status=$?
    return "$status"
}

# remove_disks FOLDER: what a campaign that was killed leaves behind.
remove_disks() {
    local link disk
    for link in "$1"/disk.*; do
        disk=$(readlink "$link") || continue
        [[ $disk == /tmp/nd-faults-* && -d $disk ]] || continue
        if mountpoint -q "$disk"; then umount -l "$disk"; fi
        rm -rf "$disk"
    done
}
