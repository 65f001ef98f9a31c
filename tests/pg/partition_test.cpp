// Weekly partitions: made ahead, or made late with what the default partition caught, while a
// writer goes on.
#include "sql/isolation.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

struct partitioned {
    test_database database;
    pg::connection admin = database.admin();
    pg::connection writer = database.as("nd_writer");
    pg::connection owner = database.as("nd_migrate");

    partitioned() {
        must(owner, "set role nd_owner");
        must(admin, "insert into nd.tenants (tenant_id, name) values ('" + to_text(tenant_a) +
                        "', 'a'), ('" + to_text(tenant_b) + "', 'b')");
    }
    std::int64_t rows_in(const std::string& partition) {
        return number(admin, "select count(*) from nd." + partition);
    }
    std::int64_t make(const std::string& day) {
        return number(owner, "select nd.make_events_partition('" + day + "')");
    }
    std::string caught() {
        return std::string(must(owner,
                                "select coalesce(string_agg(w::text, ' '), '') as weeks from "
                                "nd.events_weeks_caught() w")[0]
                               .text("weeks"));
    }
};

}  // namespace

TEST_CASE(
    "rows that the default partition caught move into their week when it is made, and stay their "
    "tenant's") {
    partitioned p;
    batch whole;
    whole.of(tenant_a, events_of(0, 5)).of(tenant_b, events_of(0, 3));
    REQUIRE(whole.store(p.writer).has_value());
    batch next_week;
    next_week.of(tenant_a, events_of(0, 2, monday + 7 * one_day));
    REQUIRE(next_week.store(p.writer).has_value());
    CHECK(p.rows_in("events_default") == 10);
    CHECK(p.caught() == "2026-11-02 2026-11-09");

    CHECK(p.make("2026-11-08") == 8);
    CHECK(p.rows_in("events_2026w45") == 8);
    CHECK(p.rows_in("events_default") == 2);
    CHECK(p.caught() == "2026-11-09");
    CHECK(
        must(p.owner, "select nd.make_events_partition('2026-11-02') is null as there")[0].boolean(
            "there"));
    CHECK(p.make("2026-11-09") == 2);
    CHECK(p.caught().empty());

    CHECK(whole.store(p.writer)->duplicates == 8);
    auto reader = p.database.as("nd_reader");
    must(reader, "begin; select set_config('app.tenant_id', '" + to_text(tenant_b) + "', true)");
    CHECK(number(reader, "select count(*) from nd.events") == 3);
    const auto safe = nd::sql::refuse_unsafe(p.writer);
    CHECK_MESSAGE(safe.has_value(), safe.error().detail);
    CHECK(number(p.owner, "select count(*) from nd.events_weeks()") == 2);
}

TEST_CASE(
    "a week begins on Monday 00:00 UTC whatever the session's time zone, also across the year") {
    partitioned p;
    must(p.owner, "set time zone 'Pacific/Kiritimati'");
    batch whole;
    const std::int64_t week_53 = 1'798'416'000'000'000;  // 2026-12-28 00:00 UTC
    whole.of(tenant_a, events_of(0, 1, week_53 - 1));
    std::vector<event_row> edges = events_of(0, 1, week_53);
    edges.push_back(events_of(0, 1, week_53 + 7 * one_day - 1).front());
    edges.push_back(events_of(0, 1, week_53 + 7 * one_day).front());
    whole.of(tenant_b, edges);
    REQUIRE(whole.store(p.writer).has_value());
    CHECK(p.make("2027-01-01") == 2);
    CHECK(p.rows_in("events_2026w53") == 2);
    CHECK(p.caught() == "2026-12-21 2027-01-04");
}

TEST_CASE(
    "rows of a tenant that is not registered move too, and the default partition's FORCE is back "
    "afterwards") {
    partitioned p;
    batch whole;
    whole.of(tenant_a, events_of(0, 5)).of(tenant_c, events_of(0, 1));
    REQUIRE(whole.store(p.writer).has_value());
    CHECK(p.caught() == "2026-11-02");
    CHECK(number(p.owner, "select count(*) from nd.events_default") == 0);
    CHECK(p.make("2026-11-02") == 6);
    CHECK(p.rows_in("events_2026w45") == 6);
    CHECK(must(p.admin,
               "select relforcerowsecurity as forced from pg_class where oid = "
               "'nd.events_default'::regclass")[0]
              .boolean("forced"));
}

TEST_CASE(
    "partitions are made while writers insert into the default partition: no row is lost, refused "
    "or in two places") {
    partitioned p;
    std::atomic<bool> done{false};
    std::atomic<std::int64_t> inserted{0};
    const auto write = [&](std::uint64_t seed, const std::string& url) {
        auto on = must_open(url);
        for (std::uint64_t round = 0; !done || round < 10; ++round) {
            batch whole;
            for (std::uint64_t week = 0; week < 4; ++week) {
                const raw_uuid tenant = week % 2 == 0 ? tenant_a : tenant_b;
                batch one;
                one.of(tenant, events_of(seed + round * 20, 20,
                                         monday + static_cast<std::int64_t>(week) * 7 * one_day));
                const auto said = one.store(on);
                if (!said.has_value()) {
                    FAIL_CHECK(said.error().detail);
                    return;
                }
                CHECK(said->bad_rows.empty());
                inserted += said->inserted;
            }
        }
    };
    std::thread first(write, 0U, p.database.url("nd_writer"));
    std::thread second(write, 1'000'000U, p.database.pooled_url("nd_writer"));
    std::int64_t moved = 0;
    for (const char* day : {"2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23"}) {
        std::this_thread::sleep_for(std::chrono::milliseconds(150));
        moved += p.make(day);
    }
    done = true;
    first.join();
    second.join();
    CHECK(moved > 0);
    CHECK(p.rows_in("events_default") == 0);
    CHECK(p.rows_in("events") == inserted.load());
}
