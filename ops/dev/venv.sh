# shellcheck shell=bash
# Python programs from PyPI that only tests need, in .cache/venv, at the versions of tests/api/requirements.txt.

venv_program() { echo "$cache/venv/bin/$1"; }

prepare_venv() {
    local wanted=$root/tests/api/requirements.txt stamp=$cache/venv/installed.txt
    if cmp -s "$wanted" "$stamp"; then return 0; fi
    install_packages python3 python3-venv
    rm -rf "$cache/venv"
    mkdir -p "$cache"
    step "$root/.run/log/venv.log" 'schemathesis from PyPI' -- fill_venv "$wanted" ||
        die "schemathesis could not be installed, and without it the API is not tested against its description"
    cp "$wanted" "$stamp"
}

fill_venv() {
    python3 -m venv "$cache/venv" &&
        "$cache/venv/bin/pip" install --disable-pip-version-check --no-input --only-binary :all: -r "$1" &&
        "$cache/venv/bin/schemathesis" --version
}
