// What the tests of nd.store_events write with: the writer's role, directly and through PgBouncer,
// and a superuser to look.
#pragma once

#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <string>
#include <vector>

namespace nd::tests {

struct writing {
    test_database database;
    base::pg::connection admin = database.admin();
    base::pg::connection direct = database.as("nd_writer");
    base::pg::connection pooled = database.pooled_as("nd_writer");
    std::vector<base::pg::connection*> ways{&direct, &pooled};

    std::int64_t rows_of(const raw_uuid& tenant) {
        return number(admin,
                      "select count(*) from nd.events where tenant_id = '" + to_text(tenant) + "'");
    }
    std::int64_t rows() { return number(admin, "select count(*) from nd.events"); }
    std::int64_t progress() {
        return number(admin, "select coalesce(max(next_offset), 0) from nd.progress");
    }
};

inline batch three_tenants(std::uint64_t first) {
    batch whole;
    whole.of(tenant_a, events_of(first, 3))
        .of(tenant_b, events_of(first, 1))
        .of(tenant_c, events_of(first, 2));
    return whole;
}

}  // namespace nd::tests
