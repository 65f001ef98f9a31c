// nd.erasures: tombstones, who may put and see them, and that nd.store_events stores nothing that
// one forbids. Directly and through PgBouncer.
#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

constexpr const char* noon = "2026-11-04 12:00+00";

std::string put(const std::string& tenant, const std::string& hash, const std::string& at = noon) {
    return "insert into nd.erasures values (" + tenant + ", '" + hash + "', 'key-1', '" + at + "')";
}

// Three events of A (of ann, of ben, of nobody) and one of B (of ann), received a second after
// midnight.
batch of_persons() {
    batch whole;
    whole.of(tenant_a, events_of(100, 3, monday + 2 * one_day))
        .of(tenant_b, events_of(100, 1, monday + 2 * one_day));
    whole.rows[0].user_hash = "ann-of-a";
    whole.rows[1].user_hash = "ben-of-a";
    whole.rows[3].user_hash = "ann-of-b";
    whole.oldest_us = monday + 2 * one_day;
    return whole;
}

std::vector<std::int64_t> erased(batch whole, pg::connection& on, const char* key = "key-1") {
    whole.hash_key = key;
    const auto said = whole.store(on);
    REQUIRE_MESSAGE(said.has_value(), said.error().detail);
    CHECK_FALSE(said->wants_hashes);
    return said->erased_rows;
}

}  // namespace

TEST_CASE("a batch that a tombstone could concern stores nothing before its persons are known") {
    two_tenants two;
    must(two.admin, put(two.a, "ann-of-a"));
    const auto before = number(two.admin, "select count(*) from nd.events");
    for (pg::connection& writer : two.database.both("nd_writer")) {
        const auto said = of_persons().store(writer);
        REQUIRE(said.has_value());
        CHECK(said->wants_hashes);
        CHECK(said->inserted == 0);
        CHECK(erased(of_persons(), writer) == std::vector<std::int64_t>{1});
        CHECK(number(two.admin, "select count(*) from nd.events") == before);
    }
    CHECK(number(two.admin, "select max(next_offset) from nd.progress") == 1);
    auto rest = of_persons();
    rest.rows.erase(rest.rows.begin());
    rest.groups = {{tenant_a, 1, 2, 0, 0}, {tenant_b, 3, 3, 0, 0}};
    rest.next_offset = 9;
    auto writer = two.database.as("nd_writer");
    CHECK(erased(rest, writer).empty());
    CHECK(number(two.admin, "select count(*) from nd.events") == before + 3);
    CHECK(number(two.admin, "select max(next_offset) from nd.progress") == 9);
}

TEST_CASE("a tombstone older than the batch costs no hash and forbids nothing") {
    two_tenants two;
    must(two.admin, put(two.a, "ann-of-a", "2026-11-03 23:59:59+00"));
    auto writer = two.database.pooled_as("nd_writer");
    const auto said = of_persons().store(writer);
    REQUIRE(said.has_value());
    CHECK_FALSE(said->wants_hashes);
    CHECK(said->inserted == 4);
}

TEST_CASE("a whole tenant's tombstone forbids all of its events, and nobody else's") {
    two_tenants two;
    must(two.admin, put(two.a, ""));
    auto writer = two.database.as("nd_writer");
    CHECK(erased(of_persons(), writer) == std::vector<std::int64_t>{1, 2, 3});
}

TEST_CASE("an event that arrived at the instant is erased, a microsecond later it is stored") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    const auto is = [&](const std::string& tenant, const std::string& hash, const char* at) {
        return must(writer,
                    "select nd.is_erased(" + tenant + ", " + hash + ", '" + at + "') as yes")[0]
            .boolean("yes");
    };
    must(two.admin, put(two.a, "ann-of-a"));
    CHECK(is(two.a, "'ann-of-a'", "2026-11-04 12:00+00"));
    CHECK(is(two.a, "'ann-of-a'", "2020-01-01 12:00+00"));
    CHECK_FALSE(is(two.a, "'ann-of-a'", "2026-11-04 12:00:00.000001+00"));
    CHECK_FALSE(is(two.a, "'ben-of-a'", "2026-11-04 12:00+00"));
    CHECK_FALSE(is(two.a, "null", "2026-11-04 12:00+00"));
    CHECK_FALSE(is(two.b, "'ann-of-a'", "2026-11-04 12:00+00"));
    must(two.admin, put(two.b, ""));
    CHECK(is(two.b, "'anybody'", "2026-11-04 12:00+00"));
    CHECK(is(two.b, "null", "2026-11-04 12:00+00"));
}

TEST_CASE("hashes of another pepper are an error that says so, and nothing is stored") {
    two_tenants two;
    must(two.admin, put(two.a, "ann-of-a"));
    auto writer = two.database.as("nd_writer");
    auto whole = of_persons();
    whole.hash_key = "key-2";
    const auto said = whole.store(writer);
    REQUIRE(said.has_error());
    CHECK(said.error().sqlstate == "ND004");
    CHECK(said.error().code == base::errc::internal);  // it parks
    CHECK(said.error().detail.find("ND_KEY_PEPPER_FILE") != std::string::npos);
}

TEST_CASE("only the operator puts tombstones, only for the tenant it set, and nobody removes one") {
    two_tenants two;
    for (pg::connection& on : two.database.both("nd_operator")) {
        CHECK(state_of(on, put(two.a, "x")) == denied);
        CHECK(refused(on, two.a, put(two.b, "x")) == denied);
        CHECK(refused(on, two.a, put(two.a, "x")) == "");
        CHECK(refused(on, two.a, "delete from nd.erasures") == denied);
        CHECK(refused(on, two.a, "update nd.erasures set tenant_id = " + two.b) == denied);
        CHECK(refused(on, two.a, "delete from nd.events") == denied);
    }
    must(two.admin, put(two.a, "x"));
    for (const char* role :
         {"nd_reader", "nd_writer", "nd_dashboard", "nd_ingest", "nd_enricher", "nd_migrate"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, "select from nd.erasures") == denied);
            CHECK(refused(on, two.a, put(two.a, "y")) == denied);
        }
    }
    auto on = two.database.as("nd_operator");
    CHECK(seen(on, two.a, "select from nd.erasures") == 1);
    CHECK(seen(on, two.b, "select from nd.erasures") == 0);
}

TEST_CASE("rows are deleted under a tombstone only, and only those of the tenant that is set") {
    two_tenants two;
    auto on = two.database.pooled_as("nd_operator");
    const auto erase = [](const std::string& tenant, const std::string& user,
                          const std::string& hash) {
        return "select * from nd.erase_rows(" + tenant + ", " + user + ", '" + hash +
               "', '-infinity', '00000000-0000-0000-0000-000000000000', 100)";
    };
    const auto rows = [&] { return number(two.admin, "select count(*) from nd.events"); };
    CHECK(refused(on, two.a, erase(two.a, "'user'", "h")) == "ND001");
    must(two.admin, put(two.a, "h", "2030-01-01 00:00+00"));
    must(two.admin, put(two.b, "", "2030-01-01 00:00+00"));
    CHECK(refused(on, two.a, erase(two.a, "null", "h")) ==
          "ND001");  // a person's, not the tenant's
    CHECK(refused(on, two.b, erase(two.b, "'user'", "")) == "ND001");
    must(on, with_tenant(two.b, erase(two.a, "'user'", "h") + "; commit"));
    CHECK(rows() == 5);
    must(on, with_tenant(two.a, erase(two.a, "'another'", "h") + "; commit"));
    CHECK(rows() == 5);
    must(on, with_tenant(two.a, erase(two.a, "'user'", "h") + "; commit"));
    CHECK(rows() == 2);
    must(on, with_tenant(two.b, erase(two.b, "null", "") + "; commit"));
    CHECK(rows() == 0);
    for (const char* role : {"nd_writer", "nd_reader", "nd_dashboard", "nd_ingest"}) {
        auto other = two.database.as(role);
        CHECK(refused(other, two.a, erase(two.a, "'user'", "h")) == denied);
        CHECK(refused(other, two.a, "select nd.erase_receipts(" + two.a + ", 'h')") == denied);
    }
}
