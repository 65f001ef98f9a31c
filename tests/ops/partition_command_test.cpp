#include "tests/ops/database_fixture.hpp"

#include "ops/week.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <thread>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

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

TEST_CASE(
    "drop takes the weeks that are old, tells which, and leaves the default partition alone") {
    partitioned db;
    for (const auto* time : {"2020-01-01", "2020-01-08", "2021-06-07"})
        db.event_at(time);
    db.must_run({"partitions"});
    db.event_at("2020-02-01");  // caught by the default partition, and as old
    const auto present = db.partitions();
    const auto dry = db.must_run({"partitions", "drop", "--older-than", "2020-01-13", "--dry-run"});
    CHECK(dry.at("would_drop").as_array().size() == 2);
    CHECK(db.partitions() == present);
    const auto said = db.must_run({"partitions", "drop", "--older-than", "2020-01-13"});
    REQUIRE(said.at("dropped").as_array().size() == 2);
    const auto& first = said.at("dropped").as_array()[0].as_object();
    CHECK(first.at("partition").as_string() == "nd.events_2020w01");
    CHECK(first.at("from").as_string() == "2019-12-30");
    CHECK(first.at("to").as_string() == "2020-01-06");
    CHECK(first.at("bytes").as_int64() > 0);
    CHECK(said.at("older_weeks_in_default").as_int64() == 0);
    CHECK(db.partitions() == present - 2);
    CHECK(number(db.admin, "select count(*) from nd.events") == 2);
    CHECK(number(db.admin, "select count(*) from nd.dropped_weeks") == 2);
    CHECK(number(db.admin, "select count(*) from nd.dropped_weeks where week = '2019-12-30'") == 1);
    const auto rest = db.must_run({"partitions", "drop", "--older-than", "26w"});
    CHECK(rest.at("dropped").as_array().size() == 1);
    CHECK(rest.at("older_weeks_in_default").as_int64() == 1);
    CHECK(number(db.admin, "select count(*) from nd.events_default") == 1);
    CHECK(db.must_run({"partitions", "drop", "--older-than", "26w"})
              .at("dropped")
              .as_array()
              .empty());
    db.must_run({"partitions"});
    CHECK(db.must_run({"partitions", "drop", "--older-than", "26w"})
              .at("dropped")
              .as_array()
              .size() == 1);
    CHECK(number(db.admin, "select count(*) from nd.events") == 0);
}

TEST_CASE("drop refuses what it should, and the database refuses it once more") {
    partitioned db;
    db.must_run({"partitions"});
    for (const std::vector<std::string>& wrong :
         {std::vector<std::string>{"partitions", "drop"},
          {"partitions", "drop", "--older-than", "x"},
          {"partitions", "drop", "--older-than", "13d"},
          {"partitions", "drop", "--older-than", "0w"},
          {"partitions", "drop", "--older-than", "2099-01-01"},
          {"partitions", "--ahead", "3", "drop", "--older-than", "26w"},
          {"partitions", "drop", "--older-than", "26w", "--behind", "3"}}) {
        const auto said = db.run(wrong);
        CAPTURE(said.err);
        CHECK(said.status == exit_status::usage);
    }
    CHECK(db.partitions() == 6);
    auto owner = db.database.as("nd_migrate");
    must(owner, "set role nd_owner");
    const auto partition = [&owner](const char* day) {
        return state_of(owner, std::string("select nd.drop_events_partition(") + day + ")");
    };
    CHECK(partition("current_date") == "ND001");
    CHECK(partition("current_date - 7") == "ND001");
    CHECK(partition("current_date + 7") == "ND001");
    CHECK(db.partitions() == 6);
    for (const char* role : {"nd_writer", "nd_operator"}) {
        auto other = db.database.as(role);
        CHECK(state_of(other, "select nd.drop_events_partition('2020-01-01')") == "42501");
    }
}

TEST_CASE("what arrives while a drop waits for its lock counts as dropped with the rest") {
    partitioned db;
    db.event_at("2020-01-01");
    db.must_run({"partitions"});
    auto writer = db.database.admin();
    const auto store = [&writer](const std::string& id) {
        must(writer,
             "insert into nd.events values ('11111111-1111-4111-8111-111111111111', '" + id +
                 "', '2020-01-01', clock_timestamp(), 'live', 'x', null, null, null, '{}')");
    };
    must(writer, "begin");
    store("10000000-0000-4000-8000-000000000001");
    std::thread dropping([&db] { db.must_run({"partitions", "drop", "--older-than", "26w"}); });
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    store("10000000-0000-4000-8000-000000000002");
    const auto last = number(writer,
                             "select (extract(epoch from max(received_at)) * 1000000)::bigint from "
                             "nd.events where event_id = '10000000-0000-4000-8000-000000000002'");
    must(writer, "commit");
    dropping.join();
    CHECK(number(db.admin, "select count(*) from nd.events") == 0);
    CHECK(number(db.admin,
                 "select (extract(epoch from dropped_at) * 1000000)::bigint from "
                 "nd.dropped_weeks") > last);
}

TEST_CASE("drop waits for whoever reads, and gives up with advice when that takes too long") {
    partitioned db;
    db.event_at("2020-01-01");
    db.must_run({"partitions"});
    auto reader = db.database.admin();
    must(reader, "begin; select count(*) from nd.events");
    std::thread ends([&reader] {
        std::this_thread::sleep_for(std::chrono::seconds(4));
        must(reader, "commit");
    });
    const auto said = db.run({"partitions", "drop", "--older-than", "26w"});
    ends.join();
    CAPTURE(said.err);
    CHECK(said.status == exit_status::fine);
    CHECK(number(db.admin, "select count(*) from nd.events") == 0);
}
