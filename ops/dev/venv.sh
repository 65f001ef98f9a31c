# shellcheck shell=bash
# Python programs from PyPI that only tests need, in .cache/venv, at the versions of the requirements.txt below tests/.

venv_program() { echo "$cache/venv/bin/$1"; }

prepare_venv() {
    local wanted=("$root/tests/api/requirements.txt" "$root/tests/openai/requirements.txt") stamp=$cache/venv/installed.txt
    if cat "${wanted[@]}" | cmp -s - "$stamp"; then return 0; fi
    install_packages python3 python3-venv
    rm -rf "$cache/venv"
    mkdir -p "$cache"
    step "$root/.run/log/venv.log" 'schemathesis and the openai client from PyPI' -- fill_venv "${wanted[@]}" ||
        die "they could not be installed, and without them neither our API nor what we send to OpenAI is held to its description"
    cat "${wanted[@]}" >"$stamp"
}

fill_venv() {
    python3 -m venv "$cache/venv" &&
        "$cache/venv/bin/pip" install --disable-pip-version-check --no-input --only-binary :all: "${@/#/--requirement=}" &&
        "$cache/venv/bin/schemathesis" --version
}
