# shellcheck shell=bash
# ./dev demo: from a bare machine to rows on the screen. What it shows is in ops/demo/.

cmd_demo() {
    [[ $# -eq 0 ]] || { say 'usage: ./dev demo' && exit 2; }
    local start
    start=$(now_ms)
    # shellcheck disable=SC2046
    install_packages $(build_packages) $(server_packages) $(demo_packages)
    cmd_up
    (
        # shellcheck source=/dev/null
        source "$run/env"
        PYTHONDONTWRITEBYTECODE=1 python3 "$root/ops/demo/demo.py" "$root/tests/record/recording/events.ndjson.gz"
        PYTHONDONTWRITEBYTECODE=1 python3 "$root/ops/demo/pages.py" "$root/tests/record/recording/pages.ndjson.gz"
    )
    demo_ending "$(seconds_since "$start")"
}

# demo_ending TIME: the quoted heredoc is what a person pastes; nothing in it is expanded here.
demo_ending() {
    local env=$run/env
    [[ $env != "$PWD/"* ]] || env=${env#"$PWD/"}
    cat <<END

All of it took $1. The system is still up; now send an event of your own:

  source $env
END
    cat <<'END'
  curl -i "$ND_URL/v1/events" -H "X-ND-Key: $ND_KEY" -H 'Content-Type: application/json' -d '{"events":[{
    "event_id":"'$(cat /proc/sys/kernel/random/uuid)'", "occurred_at":"'$(date -u +%FT%TZ)'",
    "name":"hello", "page":"/from/curl", "properties":{"role":"person","element":"me"}}]}'
  psql "$ND_READER_DATABASE_URL" -v tenant="$ND_TENANT" -f ops/demo/rows.sql

./dev status shows what runs, ./dev down stops it, ./dev down --wipe forgets it.
END
}
