# shellcheck shell=bash
# ./dev lint: what a machine can say about the sources. Without --all, clang-tidy reads only the C++ files that differ from
# the main branch (or from the last commit, on main itself), and stops to begin new ones after four minutes, because a file
# that includes Beast takes half a minute. Everything else reads all.

cmd_lint() {
    local all=${1:-} failed=() check
    [[ $# -eq 0 || $* == --all ]] || { say 'usage: ./dev lint [--all]' && exit 2; }
    # shellcheck disable=SC2046
    install_packages $(lint_packages)
    cd "$root"
    mkdir -p "$root/.run/log"
    for check in house shell yaml compose python format tidy; do
        "lint_$check" "$all" || failed+=("$check")
    done
    [[ ${#failed[@]} -eq 0 ]] || die "lint: ${failed[*]}"
    say 'lint: nothing to complain about'
}

# sources GLOB...: files that git knows, or would know.
sources() { git ls-files --cached --others --exclude-standard -- "$@" | while read -r f; do [[ ! -f $f ]] || echo "$f"; done; }
cpp_sources() { sources '*.cpp' '*.hpp'; }

lint_house() { step "$root/.run/log/lint-house.log" 'house rules' -- python3 ops/dev/house.py "$root"; }

lint_shell() {
    local scripts
    mapfile -t scripts < <(sources '*.sh' | grep -v '^ops/dev/')
    # dev brings in every file of ops/dev, so that what one sets and another reads is seen.
    step "$root/.run/log/lint-shell.log" 'shellcheck' -- shellcheck -x -a dev .ci/run "${scripts[@]}"
}

lint_yaml() {
    local files
    mapfile -t files < <(sources '*.yaml' '*.yml')
    [[ ${#files[@]} -gt 0 ]] || return 0
    step "$root/.run/log/lint-yaml.log" "yamllint (${#files[@]} files)" -- \
        yamllint -s -d '{extends: relaxed, rules: {line-length: {max: 140}}}' "${files[@]}"
}

# lint_compose: Compose reads the file and holds it to its schema; no Docker engine is asked.
lint_compose() {
    step "$root/.run/log/lint-compose.log" 'compose.yaml against its schema' -- env ND_ADMIN_PASSWORD=a ND_MIGRATE_PASSWORD=b \
        ND_OPERATOR_PASSWORD=c ND_INGEST_PASSWORD=d ND_WRITER_PASSWORD=e docker-compose -f compose.yaml config -q
}

lint_python() {
    local files
    mapfile -t files < <(sources '*.py')
    step "$root/.run/log/lint-python.log" "python compiles (${#files[@]} files)" -- \
        env PYTHONPYCACHEPREFIX="$cache/pycache" python3 -m py_compile "${files[@]}"
}

has_clang_14() {
    [[ $(suite) == bookworm ]] && return 0
    say "  $1: skipped, it is done with the version of Debian 12"
    return 1
}

lint_format() {
    local files
    has_clang_14 clang-format || return 0
    mapfile -t files < <(cpp_sources)
    [[ ${#files[@]} -gt 0 ]] || return 0
    step "$root/.run/log/lint-format.log" "clang-format (${#files[@]} files; mend with clang-format-14 -i)" -- \
        clang-format-14 --dry-run -Werror "${files[@]}"
}

changed_cpp() {
    local base=HEAD^
    if [[ $(git rev-parse --abbrev-ref HEAD) != main ]] && git rev-parse -q --verify main >/dev/null; then
        base=$(git merge-base HEAD main)
    fi
    git rev-parse -q --verify "$base" >/dev/null || { sources '*.cpp' && return; }
    { git diff --name-only --diff-filter=d "$base" -- '*.cpp' '*.hpp' && git ls-files -o --exclude-standard -- '*.cpp'; } |
        sed 's/\.hpp$/.cpp/' | sort -u | while read -r f; do [[ ! -f $f ]] || echo "$f"; done
}

lint_tidy() {
    local files log=$root/.run/log/lint-tidy.log
    has_clang_14 clang-tidy || return 0
    if [[ $1 == --all ]]; then mapfile -t files < <(sources '*.cpp'); else mapfile -t files < <(changed_cpp); fi
    # A fuzz target is only in the database of the fuzz preset.
    mapfile -t files < <(printf '%s\n' "${files[@]}" | grep -v -e '^tests/fuzz/' -e '^$' || true)
    if [[ ${#files[@]} -eq 0 ]]; then
        say '  clang-tidy: no C++ file changed'
        return 0
    fi
    # shellcheck disable=SC2046
    install_packages $(build_packages)
    step "$root/.run/log/configure-dev.log" 'configure (dev)' -- cmake --preset dev || return 1
    step "$root/.run/log/build-headers.log" 'headers made from sql/' -- cmake --build --preset dev --target nd_sql_headers || return 1
    step "$log" "clang-tidy (${#files[@]} files)" -- tidy_each "$1" "${files[@]}" || return 1
    sed -n 's/^not reached/  not reached in time/p' "$log" >&2
}

# tidy_each HOW FILE...: --all takes the time it takes.
tidy_each() {
    local seconds=240
    [[ $1 != --all ]] || seconds=86400
    shift
    # shellcheck disable=SC2016
    printf '%s\0' "$@" | tidy_end=$(($(date +%s) + seconds)) xargs -0 -n 1 -P "$(nproc)" bash -c '
        if (($(date +%s) > tidy_end)); then echo "not reached: $1"; else clang-tidy-14 --quiet -p build/dev "$1"; fi' tidy
}
