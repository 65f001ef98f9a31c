# shellcheck shell=bash
# ./dev openai-smoke: one small request to the real model service, when there is a key for it; it costs a fraction of a cent.

cmd_openai-smoke() {
    if [[ -z ${ND_OPENAI_KEY_FILE:-} ]]; then
        say 'no key: put one into a file that only you can read, and say where: ND_OPENAI_KEY_FILE=... ./dev openai-smoke'
        exit 2
    fi
    build release nd-openai-smoke
    "$(bin_of release)/nd-openai-smoke" "$@"
}
