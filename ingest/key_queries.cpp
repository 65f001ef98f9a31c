#include "ingest/key_queries.hpp"

#include "sql/queries/all_limits.hpp"
#include "sql/queries/control_version.hpp"
#include "sql/queries/keys_page.hpp"
#include "sql/queries/resolve_key.hpp"
#include "sql/queries/tenant_keys.hpp"
#include "sql/queries/tenant_limits.hpp"
#include "sql/queries/touch_keys.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace nd::ingest {
namespace {

using base::pg::connection;
using base::pg::row;
using limits_of_one = decltype(key_record::limits);
using limit_map = std::unordered_map<schema::tenant_id, limits_of_one>;

constexpr int page_size = 5000;

base::error broken(const char* what) {
    return base::failure(base::errc::internal,
                         std::string("a row of nd.api_keys or nd.tenant_limits has ") + what +
                             "; this program and its migrations differ");
}

limits_of_one defaults() {
    limits_of_one out{};
    for (const auto cls : schema::limit_classes) {
        out[static_cast<std::size_t>(cls)] = static_cast<std::uint16_t>(schema::default_limit(cls));
    }
    return out;
}

base::result<> add_limits(const base::pg::rows& rows, limit_map& to) {
    for (const row r : rows) {
        const auto tenant = schema::parse_tenant_id(r.text("tenant_id"));
        const auto cls = schema::parse_limit_class(r.text("limit_class"));
        const auto places = r.integer("per_minute");
        if (!tenant || places < 0 || places > schema::max_limit) return broken("a strange limit");
        if (!cls) continue;  // of a later version: it limits nothing that this one serves
        auto& limits = to.try_emplace(*tenant, defaults()).first->second;
        limits[static_cast<std::size_t>(*cls)] = static_cast<std::uint16_t>(places);
    }
    return {};
}

schema::scope_set read_scopes(const row& r) {
    schema::scope_set scopes;
    for (const auto& name : r.texts("scopes")) {
        // A scope of a later version allows nothing that this one serves.
        if (const auto scope = schema::parse_scope(name)) scopes.add(*scope);
    }
    return scopes;
}

base::result<key_table::entry> read_entry(const row& r, const limit_map& limits) {
    key_table::entry out;
    auto& [hash, key] = out;
    const auto bytes = r.bytea("key_hash");
    const auto tenant = schema::parse_tenant_id(r.text("tenant_id"));
    const auto env = schema::parse_environment(r.text("environment"));
    if (bytes.size() != hash.bytes.size() || !tenant || !env) return broken("a strange key");
    std::copy(bytes.begin(), bytes.end(), hash.bytes.begin());
    key.id = r.integer("key_id");
    key.tenant = *tenant;
    key.environment = *env;
    key.scopes = read_scopes(r);
    key.browser_only = r.boolean("browser_only");
    key.tenant_suspended = r.boolean("tenant_suspended");
    if (const auto us = r.optional_integer("expires_us")) {
        key.expires_at = key_record::wall_time(std::chrono::microseconds(*us));
    }
    if (auto origins = r.texts("origins"); !origins.empty()) {
        key.origins = std::make_shared<const key_record::origin_list>(std::move(origins));
    }
    const auto own = limits.find(key.tenant);
    key.limits = own == limits.end() ? defaults() : own->second;
    return out;
}

base::result<> append(const base::pg::rows& rows, const limit_map& limits,
                      std::vector<key_table::entry>& to) {
    for (const row r : rows) {
        auto entry = read_entry(r, limits);
        if (!entry) return entry.error();
        to.push_back(*std::move(entry));
    }
    return {};
}

base::result<> add_limits_of(connection& on, const schema::tenant_id& tenant, limit_map& to) {
    const auto rows = on.exec(sql::tenant_limits, to_string(tenant));
    return rows ? add_limits(*rows, to) : rows.error();
}

}  // namespace

base::result<std::int64_t> read_control_version(connection& on) {
    const auto rows = on.exec(sql::control_version);
    if (!rows) return rows.error();
    if (rows->size() != 1)
        return base::failure(base::errc::internal, "nd.control_version has no row");
    return (*rows)[0].integer("version");
}

base::result<std::vector<key_table::entry>> read_all_keys(connection& on) {
    limit_map limits;
    const auto overrides = on.exec(sql::all_limits);
    if (!overrides) return overrides.error();
    if (auto added = add_limits(*overrides, limits); !added) return added.error();
    std::vector<key_table::entry> all;
    for (std::int64_t after = 0;;) {
        const auto page = on.exec(sql::keys_page, after, page_size);
        if (!page) return page.error();
        if (auto added = append(*page, limits, all); !added) return added.error();
        if (page->size() < static_cast<std::size_t>(page_size)) return all;
        after = all.back().second.id;
    }
}

base::result<std::vector<key_table::entry>> read_keys_of(
    connection& on, std::span<const schema::tenant_id> tenants) {
    std::vector<key_table::entry> all;
    for (const auto& tenant : tenants) {
        limit_map limits;
        if (auto added = add_limits_of(on, tenant, limits); !added) return added.error();
        const auto rows = on.exec(sql::tenant_keys, to_string(tenant));
        if (!rows) return rows.error();
        if (auto added = append(*rows, limits, all); !added) return added.error();
    }
    return all;
}

base::result<std::optional<found_key>> read_key(connection& on, const key_hash& hash) {
    const auto rows = on.exec(sql::resolve_key, std::span<const std::uint8_t>(hash.bytes));
    if (!rows) return rows.error();
    if (rows->empty()) return std::nullopt;
    const auto r = (*rows)[0];
    const auto tenant = schema::parse_tenant_id(r.text("tenant_id"));
    if (!tenant) return broken("a strange key");
    limit_map limits;
    if (auto added = add_limits_of(on, *tenant, limits); !added) return added.error();
    auto entry = read_entry(r, limits);
    if (!entry) return entry.error();
    return found_key{*std::move(entry), r.boolean("revoked")};
}

base::result<> write_last_use(connection& on, std::span<const std::int64_t> key_ids) {
    base::pg::int8_array ids;
    for (std::size_t done = 0; done < key_ids.size();) {
        ids.clear();
        for (; done < key_ids.size() && ids.size() < page_size; ++done)
            ids.add(key_ids[done]);
        if (const auto rows = on.exec(sql::touch_keys, ids); !rows) return rows.error();
    }
    return {};
}

}  // namespace nd::ingest
