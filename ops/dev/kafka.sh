# shellcheck shell=bash
# One Apache Kafka broker (KRaft) under kafka/ in the run directory. Its data survives stop and start.

kafka_bootstrap() { echo "127.0.0.1:$(port_of kafka)"; }

kafka_config() {
    local dir=$run/kafka
    mkdir -p "$dir"
    sed -e "s|@DATA@|$dir/data|" -e "s|@PORT@|$(port_of kafka)|" -e "s|@CONTROLLER@|$(port_of kafka-controller)|" \
        "$root/ops/kafka/server.properties" >"$dir/server.properties"
}

# java_command: sets `command` to Java with the broker's classes; the caller adds options, a class and its arguments.
java_command() {
    command=(
        "$(java_binary)" -XX:-UsePerfData -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.showDateTime=true
        '-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd HH:mm:ss.SSS' -cp "$(kafka_jars)/*"
    )
}

# The collector's settings are those of Kafka's own start script, and KAFKA_HEAP_OPTS and KAFKA_OPTS mean what they do there.
broker_command() {
    local heap options
    read -r -a heap <<<"${KAFKA_HEAP_OPTS:--Xms768m -Xmx768m}"
    read -r -a options <<<"${KAFKA_OPTS:-}"
    java_command
    command+=(
        "${heap[@]}" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35
        -XX:+ExplicitGCInvokesConcurrent "${options[@]}" kafka.Kafka "$run/kafka/server.properties"
    )
}

format_kafka() {
    [[ ! -e $run/kafka/data/meta.properties ]] || return 0
    local id command
    id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | tr -d '=')
    java_command
    "${command[@]}" -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 kafka.tools.StorageTool format -t "$id" \
        -c "$run/kafka/server.properties" >"$run/log/kafka-format.log" 2>&1 </dev/null || {
        tail -n 20 "$run/log/kafka-format.log" >&2
        die "Kafka's storage could not be formatted"
    }
}

kafka_ready() { grep -qs 'Kafka Server started' "$(log_of kafka)" && port_answers "$(port_of kafka)"; }

start_kafka() {
    # shellcheck disable=SC2046
    install_packages $(server_packages)
    fetch_kafka
    local start command
    start=$(now_ms)
    mkdir -p "$run/log"
    kafka_config
    format_kafka
    broker_command
    start_process kafka "${command[@]}"
    wait_ready kafka 240 kafka_ready
    say "kafka started on $(kafka_bootstrap) ($(seconds_since "$start"))"
}

stop_kafka() { stop_process kafka TERM 60; }
