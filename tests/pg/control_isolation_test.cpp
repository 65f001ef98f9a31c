// Tenant isolation of what is no event: keys, limits, the register of tenants, the progress.
// Directly and through PgBouncer.
#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
namespace pg = nd::base::pg;

TEST_CASE(
    "the operator sees keys and limits of the tenant it set, and can neither move nor delete "
    "them") {
    two_tenants two;
    const auto key = [](const std::string& tenant, const std::string& rotated_from) {
        return "insert into nd.api_keys (tenant_id, key_hash, environment, scopes, prefix, last4, "
               "rotated_from) values (" +
               tenant +
               ", decode(repeat('cc', 32), 'hex'), 'test', '{events}', 'nd_test_', 'abcd', " +
               rotated_from + ")";
    };
    const std::int64_t key_of_b =
        number(two.admin, "select key_id from nd.api_keys where tenant_id = " + two.b);
    for (pg::connection& on : two.database.both("nd_operator")) {
        CHECK(number(on, "select count(*) from nd.tenants") == 2);
        CHECK(number(on, "select count(*) from nd.api_keys") == 0);
        CHECK(number(on, "select count(*) from nd.tenant_limits") == 0);
        CHECK(seen(on, two.a, "select from nd.api_keys") == 1);
        CHECK(seen(on, two.a, "select from nd.tenant_limits") == 1);
        CHECK(state_of(on, key(two.a, "null")) == denied);
        CHECK(refused(on, two.a, key(two.a, "null")) == "");
        CHECK(refused(on, two.a, key(two.b, "null")) == denied);
        // A foreign key is checked without policies: only the tenant in it stops a key from
        // succeeding another tenant's.
        CHECK(refused(on, two.a, key(two.a, std::to_string(key_of_b))) == "23503");
        CHECK(refused(on, two.b, key(two.b, std::to_string(key_of_b))) == "");
        CHECK(refused(on, two.a, "update nd.api_keys set tenant_id = " + two.b) == denied);
        CHECK(refused(on, two.a,
                      "update nd.api_keys set key_hash = decode(repeat('dd', 32), 'hex')") ==
              denied);
        CHECK(refused(on, two.a, "delete from nd.api_keys") == denied);
        CHECK(refused(on, two.a, "delete from nd.tenants") == denied);
        CHECK(refused(on, two.a,
                      "insert into nd.tenant_limits values (" + two.b + ", 'chat', 1)") == denied);
        CHECK(refused(on, two.a, "update nd.api_keys set revoked_at = now() returning key_id") ==
              "");
        must(on, with_tenant(two.a, "update nd.api_keys set revoked_at = now() where tenant_id = " +
                                        two.b + "; commit"));
    }
    CHECK(number(two.admin, "select count(*) from nd.api_keys where revoked_at is not null") == 0);
}

TEST_CASE("the edge resolves keys and limits before any tenant is known, and nothing else") {
    two_tenants two;
    for (pg::connection& on : two.database.both("nd_ingest")) {
        CHECK(number(on,
                     "select count(*) from nd.api_keys k join nd.tenants t using (tenant_id) where "
                     "t.suspended_at is null "
                     "and k.key_hash = decode(repeat('bb', 32), 'hex')") == 1);
        CHECK(number(on, "select count(*) from nd.tenant_limits where per_minute = 70") == 2);
        CHECK(number(on, "select version from nd.control_version") > 0);
        for (const char* script :
             {"select name from nd.tenants", "select last4 from nd.api_keys",
              "select from nd.progress", "delete from nd.api_keys",
              "insert into nd.tenants (name) values ('mine')",
              "update nd.api_keys set revoked_at = null",
              "update nd.tenants set suspended_at = null",
              "update nd.tenant_limits set per_minute = 6000",
              "insert into nd.tenant_limits select tenant_id, 'chat', 6000 from nd.tenants"}) {
            CAPTURE(script);
            CHECK(state_of(on, script) == denied);
        }
    }
}

TEST_CASE("only the writer writes progress, and it cannot delete or rename it") {
    two_tenants two;
    for (const char* role :
         {"nd_ingest", "nd_reader", "nd_enricher", "nd_dashboard", "nd_operator"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(state_of(on, "insert into nd.progress values ('c', 't', 9, 9)") == denied);
            CHECK(state_of(on, "update nd.progress set next_offset = 0") == denied);
        }
    }
    for (pg::connection& on : two.database.both("nd_writer")) {
        CHECK(state_of(on, "delete from nd.progress") == denied);
        CHECK(state_of(on, "update nd.progress set topic = 'x'") == denied);
    }
}
