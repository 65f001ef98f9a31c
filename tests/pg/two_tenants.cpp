#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>

namespace nd::tests {

two_tenants::two_tenants() {
    must(admin, "set role nd_owner; select nd.make_events_partition('2026-11-04'); reset role");
    must(admin,
         "insert into nd.tenants (tenant_id, name) values (" + a + ", 'a'), (" + b + ", 'b')");
    must(admin,
         "insert into nd.api_keys (tenant_id, key_hash, environment, scopes, prefix, last4) select "
         "tenant_id, "
         "decode(repeat(case name when 'a' then 'aa' else 'bb' end, 32), 'hex'), 'live', "
         "'{events}', 'nd_live_', 'wxyz' "
         "from nd.tenants; insert into nd.tenant_limits select tenant_id, 'events', 70 from "
         "nd.tenants");
    auto writer = database.as("nd_writer");
    batch whole;
    whole.of(tenant_a, events_of(0, 2)).of(tenant_b, events_of(0, 1));
    REQUIRE(whole.store(writer).has_value());
    batch elsewhere;
    elsewhere.of(tenant_a, events_of(5, 1, monday + 300 * one_day))
        .of(tenant_b, events_of(5, 1, monday + 300 * one_day));
    REQUIRE(elsewhere.store(writer).has_value());
}

std::string with_tenant(const std::string& tenant, const std::string& script) {
    return "begin; select set_config('app.tenant_id', " + tenant + ", true); " + script;
}

std::int64_t seen(base::pg::connection& on, const std::string& tenant, const std::string& query) {
    const auto said = must(on, with_tenant(tenant, query));
    const auto rows = static_cast<std::int64_t>(said.size());
    must(on, "commit");
    return rows;
}

std::string refused(base::pg::connection& on, const std::string& tenant,
                    const std::string& script) {
    std::string state = state_of(on, with_tenant(tenant, script));
    must(on, "rollback");
    return state;
}

}  // namespace nd::tests
