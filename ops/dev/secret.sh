# shellcheck shell=bash
# Secrets of the private system: made once from the kernel's random source, kept in secret/ for this user only.

# secret NAME: 40 hexadecimal characters, the same at each call.
secret() {
    local file=$run/secret/$1
    if [[ ! -s $file ]]; then
        (umask 077 && mkdir -p "$run/secret" && random_hex 20 >"$file.$$" && mv "$file.$$" "$file")
    fi
    cat "$file"
}

random_hex() { od -An -v -tx1 -N "$1" /dev/urandom | tr -d ' \n' && echo; }

# receipt_key_file: the path of the key that signs receipts (ND_RECEIPT_KEY_FILES).
receipt_key_file() {
    secret receipt-key >/dev/null
    echo "$run/secret/receipt-key"
}

# openai_key_file: the path of the key that the stand-in for the model service takes (ND_OPENAI_KEY_FILE).
openai_key_file() {
    secret openai-key >/dev/null
    echo "$run/secret/openai-key"
}

# pepper_file: the path of the key that API keys are hashed with (ND_KEY_PEPPER_FILE).
pepper_file() {
    secret key-pepper >/dev/null
    echo "$run/secret/key-pepper"
}
