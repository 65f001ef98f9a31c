# shellcheck shell=bash
# Installs the Debian packages that a command needs, only those that are missing, with apt. Knows Debian 12 and 13.
# No service is started or enabled on the way, and no PostgreSQL cluster is made: ours are private (postgres.sh).

build_packages() {
    local boost
    case $(suite) in
    bookworm) boost='libboost1.81-dev libboost-json1.81-dev' ;;
    *) boost='libboost-dev libboost-json-dev' ;;
    esac
    echo "g++ cmake ninja-build ccache mold pkgconf python3 $boost libfmt-dev libspdlog-dev libsimdjson-dev libssl-dev" \
        "zlib1g-dev libzstd-dev libjemalloc-dev libcli11-dev prometheus-cpp-dev doctest-dev librdkafka-dev libpq-dev libbenchmark-dev"
}

server_packages() {
    case $(suite) in
    bookworm) echo "openjdk-17-jre-headless maven postgresql-15" ;;
    trixie) echo "openjdk-21-jre-headless maven postgresql-17" ;;
    *) echo "default-jre-headless maven postgresql" ;;
    esac
}

demo_packages() { echo "python3 curl"; }
bench_packages() { echo "python3 gnuplot-nox openssl"; }
test_packages() { echo "pgbouncer procps python3 python3-venv curl openssl zstd"; }

lint_packages() {
    echo "shellcheck yamllint docker-compose python3"
    # One version formats for everybody, and it is Debian 12's; lint.sh says so on Debian 13.
    if [[ $(suite) == bookworm ]]; then echo "clang-format-14 clang-tidy-14"; fi
}

# cmd_install [build|server|demo|test|bench|lint ...]: all of them without a word.
cmd_install() {
    local kind
    [[ $# -gt 0 ]] || set -- build server demo test bench lint
    for kind in "$@"; do
        case $kind in
        build | server | demo | test | bench | lint) ;;
        *) say "'$kind' is not build, server, demo, test, bench or lint" && exit 2 ;;
        esac
    done
    # shellcheck disable=SC2046
    install_packages $(for kind in "$@"; do "${kind}_packages"; done)
}

missing_packages() {
    local there
    there=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null | sed -n 's/ installed$//p') || true
    printf '%s\n' "$@" | sort -u | grep -vxF -e "$there" || true
}

install_packages() {
    local missing log=$root/.run/log/apt.log
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0
    command -v apt-get >/dev/null ||
        die "this needs Debian 12 or 13, or these packages from another source: ${missing[*]}"
    case $(suite) in
    bookworm | trixie) ;;
    *) say "note: only Debian 12 and 13 are tried; this is '$(suite)'" ;;
    esac
    say "installing from Debian: ${missing[*]}"
    if ! is_root && command -v sudo >/dev/null; then sudo -v; fi
    [[ -z $(find /var/lib/apt/lists -name '*_Packages*' -mmin -1440 -print -quit 2>/dev/null) ]] &&
        step "$log.update" 'package lists' -- as_root apt-get update -q
    step "$log" "${#missing[@]} packages and what they need" -- as_root bash -c "$(declare -f quiet_install); quiet_install \"\$@\"" \
        quiet_install "${missing[@]}" ||
        step "$log" 'once more, with fresh package lists' -- as_root bash -c \
            "$(declare -f quiet_install); apt-get update -q; quiet_install \"\$@\"" quiet_install "${missing[@]}"
}

# quiet_install PACKAGE...: runs as root. The two files are there only while apt runs: the first keeps Debian's scripts from
# starting what they install, the second keeps postgresql from making the cluster `main`.
quiet_install() {
    local policy=/usr/sbin/policy-rc.d cluster=/etc/postgresql-common/createcluster.d/none-from-dev.conf made=() status=0
    local bouncer=old
    if [[ ! -e $policy ]]; then
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod 0755 "$policy"
        made+=("$policy")
    fi
    if [[ ! -e $cluster ]]; then
        mkdir -p "${cluster%/*}"
        echo 'create_main_cluster = false' >"$cluster"
        made+=("$cluster")
    fi
    [[ -e /usr/sbin/pgbouncer ]] || bouncer=new
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@" || status=$?
    rm -f "${made[@]}"
    # Its package would start it at the next boot on a port that may be somebody else's.
    if [[ $bouncer == new && -d /run/systemd/system ]]; then systemctl -q disable pgbouncer || true; fi
    return "$status"
}
