# shellcheck shell=bash
# ./dev openai-smoke: one small request to the real model service, when there is a key for it; it costs a fraction of a cent.

# With $ND_BIN it takes the program as it is.
cmd_openai-smoke() {
    if [[ -z ${ND_OPENAI_KEY_FILE:-} ]]; then
        say 'no key: put one into a file that only you can read, and say where: ND_OPENAI_KEY_FILE=... ./dev openai-smoke'
        exit 2
    fi
    # A shell that has sourced .run/env has the stand-in's address, and its key: neither is what is meant here. Another address
    # than the real one is said in so many words.
    unset ND_OPENAI_URL
    if [[ " $*" != *' --openai-url'* && $ND_OPENAI_KEY_FILE == "$run/secret/"* ]]; then
        say "$ND_OPENAI_KEY_FILE is the key of the private system's stand-in; say where a real one is: ND_OPENAI_KEY_FILE=..."
        say '(or ask the stand-in: ./dev openai-smoke --openai-url URL)'
        exit 2
    fi
    [[ -n ${ND_BIN:-} ]] || build release nd-openai-smoke
    "$(program_bin)/nd-openai-smoke" "$@"
}
