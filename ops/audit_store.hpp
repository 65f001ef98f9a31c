// The audit's questions to Postgres, as nd_operator: sums over all tenants, identities of one
// tenant at a time inside that tenant's context. One thread. Errors: the connection's.
#pragma once

#include "base/pg.hpp"
#include "ops/audit_account.hpp"
#include "ops/record_range.hpp"
#include "ops/sighting.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nd::ops {

// The moments between which rows are meant, [from, to): the texts of two timestamptz.
struct arrival_bounds {
    std::string from = "-infinity";
    std::string to = "infinity";
};
[[nodiscard]] arrival_bounds bounds_of(const std::optional<schema::instant>& from,
                                       const std::optional<schema::instant>& to);

// How far the writer has stored a topic's partitions; those without a row have nothing stored.
[[nodiscard]] base::result<std::vector<partition_offset>> stored_until(base::pg::connection& on,
                                                                       const std::string& cluster,
                                                                       const std::string& topic);

// Sets `arrived` of every tenant that has rows between the bounds; with `only`, of that one alone.
[[nodiscard]] base::result<> add_arrived(base::pg::connection& on, const arrival_bounds& bounds,
                                         const std::optional<schema::tenant_id>& only,
                                         audit_accounts& into);

struct lookup {
    identity_sum inside;
    identity_sum outside;
    std::vector<std::size_t> missing;  // indexes into what was asked, in order
};
// Events of one tenant, in the primary key's order.
[[nodiscard]] base::result<lookup> look_up(base::pg::connection& on, std::span<const sighting> of,
                                           const arrival_bounds& bounds);

struct arrived_row {
    std::int64_t occurred_us = 0;
    schema::event_id event;
    std::int64_t received_us = 0;
};
// f for each of the tenant's rows between the bounds, in the primary key's order, with little
// memory; an error of f ends it.
[[nodiscard]] base::result<> each_arrived(
    base::pg::connection& on, const schema::tenant_id& tenant, const arrival_bounds& bounds,
    const std::function<base::result<>(const arrived_row&)>& f);

}  // namespace nd::ops
