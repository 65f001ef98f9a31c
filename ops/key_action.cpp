#include "ops/key_action.hpp"

#include "ops/grace.hpp"
#include "ops/issued_key.hpp"
#include "ops/key_store.hpp"
#include "ops/tenant_store.hpp"
#include "ops/text_table.hpp"
#include "sql/queries/tenant/list_keys.hpp"
#include "sql/queries/tenant/revoke_key.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value_from.hpp>

namespace nd::ops {
namespace {

namespace json = boost::json;

json::value or_null(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

std::string or_dash(const std::optional<std::string>& text) {
    return text.value_or("-");
}

std::string list_of(const std::vector<std::string>& words, const char* none) {
    return words.empty() ? none : fmt::format("{}", fmt::join(words, ","));
}

report tell_new(const known_tenant& tenant, const key_settings& settings, const issued_key& key,
                const stored_key& stored) {
    report said;
    said.data = {{"tenant_id", tenant.id},
                 {"key_id", stored.id},
                 {"key", key.text},
                 {"environment", to_string(settings.env)},
                 {"scopes", json::value_from(settings.scopes)},
                 {"origins", json::value_from(settings.origins)},
                 {"browser_only", settings.browser_only},
                 {"expires_at", or_null(stored.expires_at)}};
    said.text = fmt::format("Key {} of tenant \"{}\": {}, scopes {}, origins {}{}, expires {}\n",
                            stored.id, tenant.name, to_string(settings.env),
                            list_of(settings.scopes, "none"), list_of(settings.origins, "any"),
                            settings.browser_only ? " (browsers only)" : "",
                            stored.expires_at.value_or("never"));
    if (tenant.suspended)
        said.text += "The tenant is suspended: the key answers 403 until ndctl tenant resume.\n";
    said.text += fmt::format("Shown only now: {}\n", key.text);
    return said;
}

json::object to_json(const base::pg::row& row) {
    json::object one{{"key_id", row.integer("key_id")},
                     {"state", row.text("state")},
                     {"prefix", row.text("prefix")},
                     {"last4", row.text("last4")},
                     {"environment", row.text("environment")},
                     {"scopes", json::value_from(row.texts("scopes"))},
                     {"origins", json::value_from(row.texts("origins"))},
                     {"browser_only", row.boolean("browser_only")}};
    for (const auto* time : {"created_at", "expires_at", "revoked_at", "last_used_at"})
        one[time] = or_null(row.optional_text(time));
    const auto from = row.optional_integer("rotated_from");
    one["rotated_from"] = from ? json::value(*from) : json::value(nullptr);
    return one;
}

// A successor ends when the old key would have ended, unless told otherwise. What an earlier
// rotation left of the old key is no such end: the customer's new key would die with the grace.
base::result<> successor_expiry(rotated_key& old, const key_rotate_options& options,
                                const key_expiry& told) {
    const auto id = options.key.id;
    if (!options.expires.empty()) {
        old.settings.expiry = told;
        return {};
    }
    if (old.successor) {
        return base::failure(base::errc::refused,
                             fmt::format("key {} was rotated already, to key {}: rotate that one, "
                                         "or give --expires (never, 90d) "
                                         "for another successor of key {}",
                                         id, *old.successor, id));
    }
    if (!old.expired) return {};
    return base::failure(
        base::errc::refused,
        fmt::format("key {} expired at {}: say when its successor shall, with --expires "
                    "never or --expires 90d",
                    id, or_dash(old.settings.expiry.at)));
}

}  // namespace

base::result<report> create_key(const settings& from, const key_create_options& options) {
    const auto wanted = read_key_words(options.words, std::chrono::system_clock::now());
    if (!wanted) return wanted.error();
    auto pepper = open_pepper(from);
    if (!pepper) return pepper.error();
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, options.tenant);
    if (!tenant) return tenant.error();
    const auto key = issue_key(wanted->env, *pepper);
    auto inside = base::pg::tenant_tx::begin(*on, tenant->id);
    if (!inside) return inside.error();
    const auto stored = insert_key(*inside, tenant->id, *wanted, key);
    if (!stored) return stored.error();
    if (auto done = inside->commit(); !done) return done.error();
    return tell_new(*tenant, *wanted, key, *stored);
}

base::result<report> list_keys(const settings& from, const std::string& id) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, id);
    if (!tenant) return tenant.error();
    auto inside = base::pg::tenant_tx::begin(*on, tenant->id);
    if (!inside) return inside.error();
    const auto rows = inside->exec(sql::list_keys, tenant->id);
    if (!rows) return rows.error();
    text_table table(
        {"KEY", "STATE", "SHOWN AS", "SCOPES", "ORIGINS", "CREATED", "EXPIRES", "LAST USED"});
    json::array list;
    for (const auto row : *rows) {
        table.add({std::to_string(row.integer("key_id")), std::string(row.text("state")),
                   fmt::format("{}...{}", row.text("prefix"), row.text("last4")),
                   list_of(row.texts("scopes"), "none"),
                   list_of(row.texts("origins"), "any") +
                       (row.boolean("browser_only") ? " (browsers)" : ""),
                   std::string(row.text("created_at")),
                   row.optional_text("expires_at").value_or("never"),
                   or_dash(row.optional_text("last_used_at"))});
        list.push_back(to_json(row));
    }
    const auto text = table.empty()
                          ? fmt::format("Tenant \"{}\" has no key: ndctl key create --tenant {}\n",
                                        tenant->name, tenant->id)
                          : table.text();
    return report{{{"tenant_id", tenant->id}, {"keys", list}}, text, exit_status::fine};
}

base::result<report> rotate_key(const settings& from, const key_rotate_options& options) {
    const auto grace = parse_grace(options.grace);
    if (!grace) return base::failure(base::errc::invalid, "--grace: " + grace.error().detail);
    const auto expiry = parse_expiry(options.expires, std::chrono::system_clock::now());
    if (!expiry) return expiry.error();
    auto pepper = open_pepper(from);
    if (!pepper) return pepper.error();
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, options.key.tenant);
    if (!tenant) return tenant.error();
    auto inside = base::pg::tenant_tx::begin(*on, tenant->id);
    if (!inside) return inside.error();
    auto old = lock_key(*inside, tenant->id, options.key.id);
    if (!old) return old.error();
    if (auto lives = successor_expiry(*old, options, *expiry); !lives) return lives.error();
    const auto key = issue_key(old->settings.env, *pepper);
    const auto stored = insert_key(*inside, tenant->id, old->settings, key);
    if (!stored) return stored.error();
    const auto ends = expire_key(*inside, tenant->id, options.key.id, grace->count());
    if (!ends) return ends.error();
    if (auto done = inside->commit(); !done) return done.error();
    auto said = tell_new(*tenant, old->settings, key, *stored);
    said.data["rotated_from"] = options.key.id;
    said.data["old_key_expires_at"] = *ends;
    said.text += fmt::format("The old key, {}, works until {}.\n", options.key.id, *ends);
    return said;
}

base::result<report> revoke_key(const settings& from, const key_choice& key) {
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, key.tenant);
    if (!tenant) return tenant.error();
    auto inside = base::pg::tenant_tx::begin(*on, tenant->id);
    if (!inside) return inside.error();
    const auto rows = inside->exec(sql::revoke_key, tenant->id, key.id);
    if (!rows) return rows.error();
    if (rows->empty()) return no_such_key(tenant->id, key.id);
    const auto row = (*rows)[0];
    if (auto done = inside->commit(); !done) return done.error();
    report said;
    said.data = {
        {"tenant_id", tenant->id}, {"key_id", key.id}, {"revoked_at", row.text("revoked_at")}};
    said.text = fmt::format(
        "Key {} ({}...{}) of tenant \"{}\" is revoked since {}: it answers 401 within a second "
        "where LISTEN "
        "reaches the front ends, within 60 s otherwise.\n",
        key.id, row.text("prefix"), row.text("last4"), tenant->name, row.text("revoked_at"));
    return said;
}

}  // namespace nd::ops
