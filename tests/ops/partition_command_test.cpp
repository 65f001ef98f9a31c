#include "tests/ops/database_fixture.hpp"

#include "ops/week.hpp"

#include <doctest/doctest.h>

#include <chrono>

using namespace nd;
using namespace nd::tests;

namespace {

struct partitioned : ops_database {
    base::pg::connection admin = database.admin();
    std::int64_t partitions() {
        return number(admin,
                      "select count(*) from pg_inherits where inhparent = 'nd.events'::regclass") -
               1;
    }
    void event_at(const std::string& time) {
        must(admin,
             "insert into nd.events values ('11111111-1111-4111-8111-111111111111', "
             "gen_random_uuid(), '" +
                 time + "', now(), 'live', 'x', null, null, null, '{}')");
    }
};

}  // namespace

TEST_CASE("partitions are made from last week to four weeks ahead, once") {
    partitioned db;
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    CHECK(db.must_run({"partitions", "--dry-run"}).at("would_make").as_array().size() == 6);
    CHECK(db.partitions() == 0);
    const auto made = db.must_run({"partitions"});
    REQUIRE(made.at("made").as_array().size() == 6);
    CHECK(made.at("made").as_array()[1].as_object().at("partition").as_string() ==
          "nd." + ops::partition_name(ops::week_of(today)));
    CHECK(db.partitions() == 6);
    CHECK(db.must_run({"partitions"}).at("made").as_array().empty());
    CHECK(db.must_run({"partitions", "--ahead", "6"}).at("made").as_array().size() == 2);
}

TEST_CASE(
    "what the default partition caught moves into partitions of its own, the newest first when "
    "there are too many") {
    partitioned db;
    db.must_run({"partitions"});
    for (const auto* time : {"2020-01-01", "2020-01-02", "2021-06-07", "2031-01-01"})
        db.event_at(time);
    const auto some = db.must_run({"partitions", "--most", "2"});
    CHECK(some.at("made").as_array().size() == 2);
    CHECK(some.at("caught_weeks_left").as_int64() == 1);
    CHECK(number(db.admin, "select count(*) from nd.events_default") == 2);
    const auto rest = db.must_run({"partitions"});
    REQUIRE(rest.at("made").as_array().size() == 1);
    CHECK(rest.at("made").as_array()[0].as_object().at("rows_moved").as_int64() == 2);
    CHECK(number(db.admin, "select count(*) from nd.events_default") == 0);
    CHECK(number(db.admin, "select count(*) from nd.events") == 4);
}

TEST_CASE("twenty thousand tenants do not make it slow: only those with rows are asked") {
    partitioned db;
    must(db.admin,
         "insert into nd.tenants (name) select 't' || i from generate_series(1, 20000) i");
    db.event_at("2020-01-01");
    const auto begun = std::chrono::steady_clock::now();
    db.must_run({"partitions"});
    CHECK(number(db.admin, "select count(*) from nd.events_2020w01") == 1);
    // Asking each tenant took minutes; this takes a tenth of a second on a quiet machine.
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
}
