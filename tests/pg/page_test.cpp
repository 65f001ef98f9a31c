// nd.page_versions: who sees and changes what.
#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

std::string put(const std::string& tenant, int number) {
    return "insert into nd.page_versions values (" + tenant + ", sha256('" +
           std::to_string(number) + "'), '/', '[]', now(), now())";
}

}  // namespace

TEST_CASE("a role sees its tenant's pages, none of the other's, and none without a tenant") {
    two_tenants two;
    for (int i = 0; i < 3; ++i)
        must(two.admin, put(two.a, i));
    must(two.admin, put(two.b, 0));  // the same structure is another row
    for (const char* role : {"nd_reader", "nd_operator", "nd_enricher", "nd_dashboard"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(number(on, "select count(*) from nd.page_versions") == 0);
            CHECK(seen(on, two.a, "select from nd.page_versions") == 3);
            CHECK(seen(on, two.b, "select from nd.page_versions") == 1);
            CHECK(seen(on, two.a, "select from nd.page_versions where tenant_id = " + two.b) == 0);
        }
    }
    for (const char* role : {"nd_ingest", "nd_writer", "nd_migrate"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, "select from nd.page_versions") == denied);
        }
    }
}

TEST_CASE("only the enricher writes pages, and only its transaction's tenant's") {
    two_tenants two;
    for (pg::connection& on : two.database.both("nd_enricher")) {
        CHECK(state_of(on, put(two.a, 1)) == denied);
        CHECK(refused(on, two.a, put(two.b, 1)) == denied);
        CHECK(refused(on, two.a, put(two.a, 1)) == "");
        CHECK(refused(on, two.a, "update nd.page_versions set last_seen = now()") == "");
        CHECK(refused(on, two.a, "update nd.page_versions set tenant_id = " + two.b) == denied);
        CHECK(refused(on, two.a, "update nd.page_versions set fingerprint = ''") == denied);
    }
    for (const char* role : {"nd_reader", "nd_operator", "nd_dashboard"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, put(two.a, 1)) == denied);
            CHECK(refused(on, two.a, "update nd.page_versions set page = ''") == denied);
        }
    }
}
