# shellcheck shell=bash
# Finds a Java of version 17 or later, and fetches the broker's jars through Maven once per version.

java_binary() {
    local candidate major
    for candidate in "${JAVA_HOME:-}/bin/java" /usr/lib/jvm/java-{17,21,25}-openjdk-*/bin/java java; do
        command -v "$candidate" >/dev/null || continue
        major=$("$candidate" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
        if ((${major:-0} >= 17)); then
            command -v "$candidate"
            return
        fi
    done
    die "no Java 17 or later found; './dev install' brings one"
}

kafka_version() { sed -n 's:.*<kafka.version>\(.*\)</kafka.version>.*:\1:p' "$root/ops/kafka/pom.xml"; }
kafka_jars() { echo "$cache/kafka-$(kafka_version)"; }

fetch_kafka() {
    local jars
    jars=$(kafka_jars)
    [[ ! -d $jars ]] || return 0
    rm -rf "$jars.part"
    step "$run/log/maven.log" "Apache Kafka $(kafka_version) through Maven" -- \
        mvn -q -B -f "$root/ops/kafka/pom.xml" -Dstyle.color=never dependency:copy-dependencies -DincludeScope=runtime \
        "-DoutputDirectory=$jars.part"
    mv "$jars.part" "$jars"
}
