#include "ops/audit_store.hpp"

#include "base/parse_number.hpp"
#include "sql/queries/audit_sums.hpp"
#include "sql/queries/read_progress.hpp"
#include "sql/queries/tenant/audit_fetch.hpp"
#include "sql/queries/tenant/audit_lookup.hpp"
#include "sql/queries/tenant/audit_rows.hpp"

#include <stdexcept>

namespace nd::ops {
namespace {

identity_sum sum_of(const base::pg::row& row, const char* count, const char* digest) {
    const auto sum = base::parse_number<std::uint64_t>(row.text(digest));
    if (!sum) throw std::logic_error("nd.digest_text answers no number below 2^64");
    return {static_cast<std::uint64_t>(row.integer(count)), *sum};
}

template <class Id>
Id id_of(const base::pg::row& row, const char* column) {
    const auto id = schema::parse_uuid(row.text(column));
    if (!id) throw std::logic_error("a uuid of Postgres that is none");
    return Id{*id};
}

}  // namespace

arrival_bounds bounds_of(const std::optional<schema::instant>& from,
                         const std::optional<schema::instant>& to) {
    arrival_bounds bounds;
    if (from) bounds.from = schema::to_string(*from);
    if (to) bounds.to = schema::to_string(*to);
    return bounds;
}

base::result<std::vector<partition_offset>> stored_until(base::pg::connection& on,
                                                         const std::string& cluster,
                                                         const std::string& topic) {
    const auto rows = on.exec(sql::read_progress, cluster, topic);
    if (!rows) return rows.error();
    std::vector<partition_offset> stored;
    for (const auto row : *rows) {
        stored.push_back(
            {static_cast<std::int32_t>(row.integer("partition")), row.integer("next_offset")});
    }
    return stored;
}

base::result<> add_arrived(base::pg::connection& on, const arrival_bounds& bounds,
                           const std::optional<schema::tenant_id>& only, audit_accounts& into) {
    std::optional<std::string> tenant;
    if (only) tenant = schema::to_string(*only);
    const auto rows = on.exec(sql::audit_sums, bounds.from, bounds.to, tenant);
    if (!rows) return rows.error();
    if (only) into[*only].arrived = {};
    for (const auto row : *rows) {
        into[id_of<schema::tenant_id>(row, "tenant")].arrived = sum_of(row, "row_count", "digest");
    }
    return {};
}

base::result<lookup> look_up(base::pg::connection& on, std::span<const sighting> of,
                             const arrival_bounds& bounds) {
    if (of.empty()) return lookup{};
    base::pg::timestamptz_array occurred;
    base::pg::uuid_array events;
    for (const auto& one : of) {
        occurred.add(one.occurred_us);
        events.add(one.event.value.bytes);
    }
    auto inside = base::pg::tenant_tx::begin(on, schema::to_string(of.front().tenant));
    if (!inside) return inside.error();
    const auto rows = inside->exec(sql::audit_lookup, occurred, events, bounds.from, bounds.to);
    if (!rows) return rows.error();
    const auto row = (*rows)[0];
    lookup found{
        sum_of(row, "inside", "inside_digest"), sum_of(row, "outside", "outside_digest"), {}};
    for (const auto ordinal : row.integers("missing"))
        found.missing.push_back(static_cast<std::size_t>(ordinal - 1));
    if (auto ended = inside->commit(); !ended) return ended.error();
    return found;
}

base::result<> each_arrived(base::pg::connection& on, const schema::tenant_id& tenant,
                            const arrival_bounds& bounds,
                            const std::function<base::result<>(const arrived_row&)>& f) {
    auto inside = base::pg::tenant_tx::begin(on, schema::to_string(tenant));
    if (!inside) return inside.error();
    const auto opened = inside->exec(sql::audit_rows, bounds.from, bounds.to);
    if (!opened) return opened.error();
    while (true) {
        const auto rows = inside->exec(sql::audit_fetch);
        if (!rows) return rows.error();
        if (rows->empty()) return inside->commit();
        for (const auto row : *rows) {
            auto done = f({row.integer("occurred_us"), id_of<schema::event_id>(row, "event_id"),
                           row.integer("received_us")});
            if (!done) return done;
        }
    }
}

}  // namespace nd::ops
