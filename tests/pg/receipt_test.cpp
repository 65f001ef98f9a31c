// nd.receipts: who sees and changes what, and how nd.store_events keeps them: once, however often a
// batch comes, and only with the rows.
#include "tests/pg/two_tenants.hpp"

#include "sql/queries/tenant/receipt_counts.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

const raw_uuid request = numbered_uuid(0x11, 7);

std::string note(const std::string& tenant, const std::string& state = "'stored'",
                 const std::string& places = "{0,1,2}") {
    return "select nd.note_receipts(" + state + ", array[" + tenant + "," + tenant + "," + tenant +
           "]::uuid[], array_fill('" + to_text(request) + "'::uuid, '{3}'), '" + places +
           "', '{\"\",\"\",\"\"}', array_fill(now(), '{3}'))";
}

struct counts {
    std::int64_t stored = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    bool operator==(const counts&) const = default;
};

counts asked(pg::connection& on, const raw_uuid& tenant, int accepted,
             const raw_uuid& which = request) {
    auto inside = pg::tenant_tx::begin(on, to_text(tenant));
    REQUIRE(inside.has_value());
    const auto rows = inside->exec(sql::receipt_counts, to_text(which), accepted);
    if (rows.has_error()) FAIL(rows.error().detail);
    const auto row = (*rows)[0];
    counts found{row.integer("stored"), row.integer("dead"), row.integer("erased")};
    REQUIRE(inside->commit().has_value());
    return found;
}

// Three events of A, of which a receipt counts the places 4, 5, 6, and two of B, counted at 0
// and 1.
batch counted_batch() {
    batch whole;
    whole.of(tenant_a, events_of(0, 3, monday + one_day))
        .of(tenant_b, events_of(0, 2, monday + one_day));
    whole.receipts = {{1, request, 4, "u"},
                      {2, request, 5, "u"},
                      {3, request, 6, "v"},
                      {4, request, 0, ""},
                      {5, request, 1, ""}};
    whole.groups[0].receipt_lo = 1;
    whole.groups[0].receipt_hi = 3;
    whole.groups[1].receipt_lo = 4;
    whole.groups[1].receipt_hi = 5;
    return whole;
}

}  // namespace

TEST_CASE("receipts are kept with the rows, once, however often the batch comes") {
    two_tenants two;
    auto reader = two.database.pooled_as("nd_reader");
    for (pg::connection& writer : two.database.both("nd_writer")) {
        for (int again = 0; again < 3; ++again) {
            const auto said = counted_batch().store(writer);
            REQUIRE_MESSAGE(said.has_value(), said.error().detail);
            CHECK(asked(reader, tenant_a, 10) == counts{3, 0, 0});
            CHECK(asked(reader, tenant_b, 2) == counts{2, 0, 0});
        }
    }
    CHECK(number(two.admin, "select count(*) from nd.receipts") == 5);  // each came alone
    CHECK(asked(reader, tenant_a, 5) == counts{1, 0, 0});  // places beyond `accepted` do not count
}

TEST_CASE("a group with a row that Postgres refuses has its receipts when it comes again without") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    auto whole = counted_batch();
    whole.rows[1].properties = "{";
    const auto said = whole.store(writer);
    REQUIRE(said.has_value());
    CHECK(said->bad_rows == std::vector<std::int64_t>{2});
    CHECK(asked(writer, tenant_a, 10) == counts{});
    CHECK(asked(writer, tenant_b, 2) == counts{2, 0, 0});
    must(writer, with_tenant(two.a, note(two.a, "'dead'", "{5,5,5}") + "; commit"));
    CHECK(asked(writer, tenant_a, 10) == counts{0, 1, 0});
}

TEST_CASE("an event that died and was mended is stored; one that was erased is erased for good") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    const auto add = [&](const std::string& state, const std::string& places) {
        must(writer, with_tenant(two.a, note(two.a, state, places) + "; commit"));
    };
    add("'dead'", "{0,1,2}");
    CHECK(asked(writer, tenant_a, 4) == counts{0, 3, 0});
    add("'stored'", "{1,2,3}");
    CHECK(asked(writer, tenant_a, 4) == counts{3, 1, 0});
    add("'erased'", "{2,2,2}");
    add("'stored'", "{2,2,2}");
    CHECK(asked(writer, tenant_a, 4) == counts{2, 1, 1});
    CHECK(refused(writer, two.a, note(two.a, "'lost'")) == "ND001");
}

TEST_CASE("receipts that do not add up are refused before anything is stored") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    const auto before = number(two.admin, "select count(*) from nd.events");
    const auto spoilt = [&](auto spoil) {
        auto whole = counted_batch();
        spoil(whole);
        const auto said = whole.store(writer);
        return said.has_error() ? said.error().sqlstate : "";
    };
    CHECK(spoilt([](batch& b) { b.receipts[0].row = 4; }) == "ND001");  // of another group
    CHECK(spoilt([](batch& b) { b.groups[0].receipt_hi = 4; }) == "ND001");
    CHECK(spoilt([](batch& b) { b.groups[1].receipt_hi = 9; }) == "ND001");
    CHECK(spoilt([](batch& b) { b.receipts[4].row = 0; }) == "ND001");
    CHECK(number(two.admin, "select count(*) from nd.events") == before);
    CHECK(number(two.admin, "select count(*) from nd.receipts") == 0);
    CHECK(spoilt([](batch&) {}) == "");
}

TEST_CASE("a role sees its tenant's receipts, none of the other's, and none without a tenant") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    REQUIRE(counted_batch().store(writer).has_value());
    for (const char* role : {"nd_reader", "nd_operator", "nd_writer", "nd_dashboard"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(number(on, "select count(*) from nd.receipts") == 0);
            CHECK(seen(on, two.a, "select from nd.receipts") == 3);
            CHECK(seen(on, two.b, "select from nd.receipts") == 2);
            CHECK(seen(on, two.a, "select from nd.receipts where tenant_id = " + two.b) == 0);
            CHECK(number(on, "select count(*) from nd.receipts") == 0);
            CHECK(refused(on, two.a, "delete from nd.receipts") == denied);
        }
    }
    for (const char* role : {"nd_ingest", "nd_enricher", "nd_migrate"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, "select from nd.receipts") == denied);
        }
    }
}

TEST_CASE("only the writer writes receipts, and only its transaction's tenant's") {
    two_tenants two;
    for (pg::connection& on : two.database.both("nd_writer")) {
        CHECK(state_of(on, note(two.a)) == denied);
        CHECK(refused(on, two.a, note(two.b)) == denied);
        CHECK(refused(on, two.a, note(two.a)) == "");
        CHECK(refused(on, two.a, "update nd.receipts set request_id = gen_random_uuid()") ==
              denied);
        CHECK(refused(on, two.a, "update nd.receipts set tenant_id = " + two.b) == denied);
    }
    for (const char* role : {"nd_reader", "nd_operator", "nd_dashboard", "nd_ingest"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, note(two.a)) == denied);
            CHECK(refused(on, two.a, "update nd.receipts set dead = '{}'") == denied);
        }
    }
}

TEST_CASE("the owner can delete what no receipt asks about any more, and nothing younger") {
    two_tenants two;
    must(
        two.admin,
        "insert into nd.receipts (tenant_id, request_id, user_hash, received_at, stored) select t, "
        "gen_random_uuid(), '', now() - age * interval '1 day', '{[0,1)}' from unnest(array[" +
            two.a + "," + two.b + "]::uuid[]) t, unnest('{1,99,101,200}'::int[]) age");
    auto owner = two.database.as("nd_migrate");
    must(owner, "set role nd_owner");
    CHECK(number(owner, "select count(*) from nd.receipts") == 4);
    must(owner, "update nd.receipts set dead = '{[0,9)}'");  // no policy lets it
    must(owner, "delete from nd.receipts");
    CHECK(number(two.admin, "select count(*) from nd.receipts") == 4);
    CHECK(number(two.admin,
                 "select count(*) from nd.receipts where received_at < now() - interval '100 days' "
                 "or not isempty(dead)") == 0);
}
