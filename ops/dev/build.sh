# shellcheck shell=bash
# Compiles with the presets of CMakePresets.json. A second call with nothing changed takes a second.

bin_of() { echo "$root/build/$1/bin"; }

cmd_build() { build "${1:-release}"; }

# build PRESET [TARGET...]: everything without a target.
build() {
    local preset=$1 log=$root/.run/log targets=()
    shift
    [[ $# -eq 0 ]] || targets=(--target "$@")
    # shellcheck disable=SC2046
    install_packages $(build_packages)
    if [[ $preset == fuzz ]]; then install_packages clang-14 libclang-rt-14-dev; fi
    cd "$root"
    step "$log/configure-$preset.log" "configure ($preset)" -- cmake --preset "$preset"
    step "$log/build-$preset.log" "compile ($preset)" -- cmake --build --preset "$preset" "${targets[@]}"
}
