#include "ops/key_store.hpp"

#include "base/pg_array.hpp"
#include "sql/queries/tenant/expire_key.hpp"
#include "sql/queries/tenant/insert_key.hpp"
#include "sql/queries/tenant/lock_key.hpp"

#include <fmt/format.h>

namespace nd::ops {
namespace {

base::pg::text_array texts(const std::vector<std::string>& values) {
    base::pg::text_array array;
    for (const auto& value : values)
        array.add(std::string_view(value));
    return array;
}

}  // namespace

base::error no_such_key(const std::string& tenant, std::int64_t id) {
    return base::failure(
        base::errc::not_found,
        fmt::format("tenant {} has no key {} (ndctl key list --tenant {})", tenant, id, tenant));
}

base::result<stored_key> insert_key(base::pg::tenant_tx& inside, const std::string& tenant,
                                    const key_settings& settings, const issued_key& key) {
    const std::span<const std::uint8_t> hash(key.hash);
    const auto scopes = texts(settings.scopes);
    const auto origins = texts(settings.origins);
    const auto rows =
        inside.exec(sql::insert_key, tenant, hash, to_string(settings.env), scopes, origins,
                    settings.browser_only, key.prefix, key.last4, settings.expiry.at,
                    settings.expiry.in_seconds, settings.rotated_from);
    if (!rows) return rows.error();
    return stored_key{(*rows)[0].integer("key_id"), (*rows)[0].optional_text("expires_at")};
}

base::result<rotated_key> lock_key(base::pg::tenant_tx& inside, const std::string& tenant,
                                   std::int64_t id) {
    const auto rows = inside.exec(sql::lock_key, tenant, id);
    if (!rows) return rows.error();
    if (rows->empty()) return no_such_key(tenant, id);
    const auto row = (*rows)[0];
    if (row.text("state") == "revoked") {
        return base::failure(
            base::errc::refused,
            fmt::format("key {} is revoked: make a new one with ndctl key create", id));
    }
    rotated_key found;
    found.settings.env =
        schema::parse_environment(row.text("environment")).value_or(schema::environment::live);
    found.settings.scopes = row.texts("scopes");
    found.settings.origins = row.texts("origins");
    found.settings.browser_only = row.boolean("browser_only");
    found.settings.expiry.at = row.optional_text("expires_at");
    found.settings.rotated_from = id;
    found.successor = row.optional_integer("successor");
    found.expired = row.text("state") == "expired";
    return found;
}

base::result<std::string> expire_key(base::pg::tenant_tx& inside, const std::string& tenant,
                                     std::int64_t id, std::int64_t seconds) {
    const auto rows = inside.exec(sql::expire_key, tenant, id, seconds);
    if (!rows) return rows.error();
    if (rows->empty()) return no_such_key(tenant, id);
    return std::string((*rows)[0].text("expires_at"));
}

}  // namespace nd::ops
