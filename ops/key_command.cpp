// ndctl key: the command line of key_action. Keys belong to a tenant, so every command names one:
// the operator's role sees no key without it.
#include "ops/command_line.hpp"
#include "ops/key_action.hpp"

#include <cstdint>
#include <memory>

namespace nd::ops {
namespace {

constexpr const char* tenant_help = "the tenant's id";
constexpr const char* key_help = "the key's number, as ndctl key list shows it";
constexpr std::int64_t last_key = INT64_MAX;

void add_create(command_line& line) {
    const auto options = std::make_shared<key_create_options>();
    auto create = line.add("key create", "make a key and show it, once",
                           [options](const settings& from) { return create_key(from, *options); });
    create.text(options->tenant, "--tenant", tenant_help, needed::yes);
    auto& words = options->words;
    create.text(words.environment, "--environment", "live or test [live]");
    create.text(words.scopes, "--scopes", "what it may do: events,schema,chat [events]");
    create.texts(words.origins, "--origin",
                 "a site it may be used from; several may be given [any]");
    create.flag(words.browser_only, "--browser-only", "refuse requests without an Origin");
    create.text(words.expires, "--expires",
                "never, a span like 90d, or a time like 2027-01-01T00:00:00Z [never]");
}

void add_rotate(command_line& line) {
    const auto options = std::make_shared<key_rotate_options>();
    auto rotate = line.add("key rotate", "make a successor and let the old key live for a grace",
                           [options](const settings& from) { return rotate_key(from, *options); });
    rotate.number(options->key.id, 1, last_key, "KEY", key_help, needed::yes);
    rotate.text(options->key.tenant, "--tenant", tenant_help, needed::yes);
    rotate.text(options->grace, "--grace",
                "how long the old key still works: 0, 1h, 24h, 7d [24h]");
    rotate.text(options->expires, "--expires", "of the successor [as the old key]");
}

}  // namespace

void add_key(command_line& line) {
    line.group("key", "API keys: create, list, rotate, revoke");
    add_create(line);
    const auto tenant = std::make_shared<std::string>();
    line.add("key list", "a tenant's keys, never the secrets",
             [tenant](const settings& from) { return list_keys(from, *tenant); })
        .text(*tenant, "--tenant", tenant_help, needed::yes);
    add_rotate(line);
    const auto key = std::make_shared<key_choice>();
    auto revoke = line.add("key revoke", "end a key now, for good",
                           [key](const settings& from) { return revoke_key(from, *key); });
    revoke.number(key->id, 1, last_key, "KEY", key_help, needed::yes);
    revoke.text(key->tenant, "--tenant", tenant_help, needed::yes);
}

}  // namespace nd::ops
