// nd.store_events: what it stores, counts and hands back. Directly and through PgBouncer.
#include "tests/pg/writing.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
namespace pg = nd::base::pg;

TEST_CASE("a batch becomes the rows of its tenants, and its progress is written") {
    writing w;
    std::uint64_t first = 0;
    for (pg::connection* way : w.ways) {
        batch whole = three_tenants(first);
        whole.next_offset = static_cast<std::int64_t>(first) + 6;
        whole.expected = w.progress();
        const auto said = whole.store(*way);
        REQUIRE_MESSAGE(said.has_value(), said.error().detail);
        CHECK(said->inserted == 6);
        CHECK(said->duplicates == 0);
        CHECK(said->bad_rows.empty());
        CHECK(w.progress() == static_cast<std::int64_t>(first) + 6);
        first += 10;
    }
    CHECK(w.rows_of(tenant_a) == 6);
    CHECK(w.rows_of(tenant_b) == 2);
    CHECK(w.rows_of(tenant_c) == 4);
    CHECK(number(w.admin,
                 "select count(*) from nd.events where properties->>'number' = '1' and name = "
                 "'clicked' and user_id = 'user' "
                 "and session_id is null and page = '/' and environment = 'live' and "
                 "event_id::text like 'ee%001' "
                 "and occurred_at = '2026-11-02 00:00:00.000001+00' and received_at = occurred_at "
                 "+ interval '1 s'") == 2);
}

TEST_CASE(
    "the same batch again stores nothing and counts duplicates; another payload counts as a "
    "conflict and the first row stays") {
    writing w;
    for (std::size_t tenants :
         {1U, 3U,
          12U}) {  // below and beyond the three groups after which the cheap attempt is left out
        batch whole;
        for (std::size_t k = 0; k < tenants; ++k) {
            whole.of(numbered_uuid(0x77, tenants * 100 + k), events_of(0, 4));
        }
        REQUIRE(whole.store(w.direct).has_value());
        const auto again = whole.store(w.pooled);
        REQUIRE(again.has_value());
        CHECK(again->inserted == 0);
        CHECK(again->duplicates == static_cast<std::int64_t>(4 * tenants));
        CHECK(again->conflicts == 0);

        batch changed = whole;
        changed.rows.front().name = "another name";
        changed.rows.back().page.reset();
        changed.rows[1].properties =
            R"({ "number" : 1.0 })";  // 1 and 1.0 are the same jsonb number
        changed.rows[2].id = numbered_uuid(0x99, tenants);
        const auto mixed = changed.store(w.direct);
        REQUIRE(mixed.has_value());
        CHECK(mixed->inserted == 1);
        CHECK(mixed->conflicts == 2);
        CHECK(mixed->duplicates == static_cast<std::int64_t>(4 * tenants) - 3);
        CHECK(number(w.admin,
                     "select count(*) from nd.events where name <> 'clicked' or page is null") ==
              0);
    }
}

TEST_CASE(
    "the same identity twice in one batch is one row; the second counts as a duplicate or a "
    "conflict") {
    writing w;
    batch whole;
    whole.of(tenant_a, events_of(0, 3));
    whole.of(tenant_b, events_of(0, 3));
    whole.rows[1] = whole.rows[0];
    whole.rows[4] = whole.rows[3];
    whole.rows[4].name = "another name";
    const auto said = whole.store(w.direct);
    REQUIRE(said.has_value());
    CHECK(said->inserted == 4);
    CHECK(said->duplicates == 1);
    CHECK(said->conflicts == 1);
}

TEST_CASE(
    "a row that cannot be stored is named by its ordinal, all others are stored, and the progress "
    "waits for the caller") {
    writing w;
    for (pg::connection* way : w.ways) {
        must(w.admin, "truncate nd.events");
        batch whole = three_tenants(0);
        whole.rows[1].properties = "{\"a\":";            // 22P02
        whole.rows[3].properties = R"({"a":"\u0000"})";  // 22P05
        whole.rows[5].environment = "production";        // 23514
        const auto said = whole.store(*way);
        REQUIRE_MESSAGE(said.has_value(), said.error().detail);
        CHECK(said->inserted == 3);
        CHECK(said->duplicates == 0);
        CHECK(said->bad_rows == std::vector<std::int64_t>{2, 4, 6});
        CHECK(said->bad_states == std::vector<std::string>{"22P02", "22P05", "22P02"});
        CHECK(w.rows() == 3);
        CHECK(w.progress() == 0);

        const auto again = whole.store(*way);
        REQUIRE(again.has_value());
        CHECK(again->inserted == 0);
        CHECK(again->duplicates == 3);
        CHECK(again->bad_rows == said->bad_rows);
    }
}

TEST_CASE("the writer's role plans the hot statement once and does not wait for ever") {
    writing w;
    for (pg::connection* way : w.ways) {
        CHECK(must(*way, "show plan_cache_mode")[0].text("plan_cache_mode") ==
              "force_generic_plan");
        // A CALL that the writer gave up after 60 s must not wait behind a lock for ever.
        CHECK(must(*way, "show statement_timeout")[0].text("statement_timeout") == "55s");
    }
}
