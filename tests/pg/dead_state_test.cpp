// nd.mark_dead: whose state is whose, what a mark changes, and what it never does.
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

namespace {

constexpr const char* a = "11111111-1111-4111-8111-111111111111";
constexpr const char* b = "22222222-2222-4222-8222-222222222222";

struct marks {
    test_database database;
    base::pg::connection admin = database.admin();
    base::pg::connection ndctl = database.as("nd_operator");

    std::string call(const std::string& tenant, const std::string& offsets,
                     const std::string& state, const std::string& cluster = "'c'") const {
        return "select nd.mark_dead(" + (tenant.empty() ? "null" : "'" + tenant + "'") +
               ", array[0, 0], array[" + offsets + "]::bigint[], '" + state + "', " + cluster + ")";
    }
    std::string in_context(const std::string& tenant, const std::string& sql) const {
        return "begin; select set_config('app.tenant_id', '" + tenant + "', true); " + sql +
               "; commit";
    }
    // With the context of the same tenant.
    void mark(const std::string& tenant, const std::string& offsets, const std::string& state) {
        must(ndctl, in_context(tenant, call(tenant, offsets, state)));
    }
    std::int64_t of(const std::string& tenant, const std::string& state) {
        return number(admin, "select count(*) from nd.dead_state where tenant_id = '" + tenant +
                                 "' and state = '" + state + "'");
    }
};

}  // namespace

TEST_CASE("a mark is one tenant's, in that tenant's context only") {
    marks m;
    m.mark(a, "1, 2", "replayed");
    m.mark(b, "1, 2", "dropped");
    CHECK(m.of(a, "replayed") == 2);
    CHECK(m.of(b, "dropped") == 2);
    CHECK(state_of(m.ndctl, m.in_context(a, m.call(b, "5, 6", "dropped"))) == "42501");
    must(m.ndctl, "rollback");
    CHECK(state_of(m.ndctl, m.call(a, "5, 6", "dropped")) == "42501");
    CHECK(number(m.ndctl, "select count(*) from nd.dead_state") == 0);  // without a context
}

TEST_CASE("marking again changes nothing, a later mark wins, and erased is for good") {
    marks m;
    m.mark(a, "1, 2", "dropped");
    must(m.admin, "update nd.dead_state set marked_at = '2020-01-01'");
    m.mark(a, "1, 2", "dropped");
    CHECK(number(m.admin, "select count(*) from nd.dead_state where marked_at < '2021-01-01'") ==
          2);
    m.mark(a, "2, 3", "replayed");
    CHECK(m.of(a, "dropped") == 1);
    CHECK(m.of(a, "replayed") == 2);
    m.mark(a, "1, 2", "erased");
    m.mark(a, "1, 2", "replayed");
    m.mark(a, "1, 2", "dropped");
    CHECK(m.of(a, "erased") == 2);
}

TEST_CASE("a stray's mark names no tenant, and no tenant sees it") {
    marks m;
    must(m.ndctl, m.call("", "7, 8", "dropped"));
    CHECK(number(m.admin, "select count(*) from nd.dead_strays") == 2);
    CHECK(number(m.admin, "select count(*) from nd.dead_state") == 0);
    for (const char* role : {"nd_writer", "nd_ingest", "nd_reader", "nd_dashboard"}) {
        auto other = m.database.as(role);
        CHECK(state_of(other, "select * from nd.dead_strays") == "42501");
        CHECK(state_of(other, "select * from nd.dead_state") == "42501");
    }
}

TEST_CASE("the one cluster that is known need not be said, and a wrong sum is refused") {
    marks m;
    const auto unsaid = m.call("", "1, 2", "dropped", "null");
    CHECK(state_of(m.ndctl, unsaid) == "ND001");
    must(m.admin,
         "insert into nd.progress (cluster, topic, partition, next_offset) values ('one', 't', 0, "
         "1), ('one', 't', 1, 1)");
    must(m.ndctl, unsaid);
    CHECK(number(m.admin, "select count(*) from nd.dead_strays where cluster = 'one'") == 2);
    must(m.admin,
         "insert into nd.progress (cluster, topic, partition, next_offset) values ('two', 't', 0, "
         "1)");
    CHECK(state_of(m.ndctl, unsaid) == "ND001");
    CHECK(state_of(m.ndctl,
                   "select nd.mark_dead(null, array[0], array[1, 2]::bigint[], "
                   "'dropped', 'c')") == "ND001");
    CHECK(state_of(m.ndctl, m.call("", "1, 2", "buried")) == "23514");
}
