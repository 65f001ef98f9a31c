// What the writer does about each class of SQLSTATE, from Postgres's refusal to the lane's next
// try. Only design.md's poison goes to nd.dead.v1; nothing else may.
#include "tests/workers/store_world.hpp"
#include "workers/lane.hpp"
#include "workers/verdict.hpp"

#include <fmt/format.h>

#include <map>
#include <thread>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using workers::lane_report;

namespace {

// One batch on its way, with a record that Postgres refuses as told.
struct lane_world : store_world {
    base::metrics all;
    workers::health health;
    workers::writer_metrics metrics{all};
    std::unique_ptr<workers::pg_store> pg = store();
    workers::lane lane{*pg, publisher(), health, metrics, {100ms, 1ms, 5ms}};

    lane_world() {
        health.running();
        health.joined(1);
        must(admin, "create sequence public.tries");
        must(admin, "grant usage on sequence public.tries to nd_writer");
    }
    // A sequence does not roll back: it counts the tries.
    void refuse_times(const std::string& state, int times) {
        on_poison(
            fmt::format("if nextval('public.tries') <= {} then raise exception 'as told' "
                        "using errcode = '{}'; end if",
                        times, state));
    }
    std::int64_t tries() {
        return count("select case when is_called then last_value else 0 end from public.tries");
    }
    static std::vector<test_record> records() {
        auto made = many(40, 8);
        made[17] = poison(1, 17);
        return made;
    }
    lane_report take() {
        auto got = lane.take(20s);
        REQUIRE(got.has_value());
        return std::move(*got);
    }
    lane_report store_it() {
        lane.store(parcel_of(records()));
        return take();
    }
    unsigned ready() { return health.ready(workers::health::clock::now()).status; }
    void check_all_stored() {
        CHECK(rows() == 40);
        CHECK(progress() == 40);
        CHECK(dead.empty());
        CHECK(ready() == 200);
    }
    [[nodiscard]] bool counted(const std::string& error_class, int times) const {
        return all.text().find(fmt::format("nd_writer_retries_total{{class=\"{}\"}} {}\n",
                                           error_class, times)) != std::string::npos;
    }
};

// The environment is away: the batch is read again from nd.progress, as often as it takes.
void check_retried(const std::string& state) {
    CAPTURE(state);
    lane_world w;
    w.refuse_times(state, 3);
    for (int i = 0; i < 3; ++i) {
        CHECK(w.store_it().kind == lane_report::what::restart);
        CHECK(w.dead.empty());
        CHECK(w.progress() == -1);
        CHECK_FALSE(w.lane.is_parked());
        w.lane.read_progress();
        CHECK(w.take().kind == lane_report::what::progress);
    }
    CHECK(w.store_it().kind == lane_report::what::stored);
    CHECK(w.counted(state.substr(0, 2), 3));
    w.check_all_stored();
}

// Tried again at once: the same batch, the same connection, no reading back.
void check_at_once(const std::string& state) {
    CAPTURE(state);
    lane_world w;
    w.refuse_times(state, 3);
    CHECK(w.store_it().kind == lane_report::what::stored);
    CHECK(w.tries() == 4);
    CHECK(w.counted("40", 3));
    w.check_all_stored();
}

// Our own mistake or an operator's: nothing goes on, /readyz says why, and it goes on by itself
// when it is mended.
void check_parked(const std::string& state) {
    CAPTURE(state);
    lane_world w;
    w.refuse_times(state, 1'000'000);
    w.lane.store(parcel_of(lane_world::records()));
    const auto until = std::chrono::steady_clock::now() + 20s;
    while (!(w.lane.is_parked() && w.tries() >= 2) && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(5ms);
    CHECK(w.lane.is_parked());
    CHECK(w.tries() >= 2);  // tried again while parked
    CHECK_FALSE(w.lane.reported());
    const auto reply = w.health.ready(workers::health::clock::now());
    CHECK(reply.status == 503);
    CHECK_MESSAGE(reply.body.find(state) != std::string::npos, reply.body);
    CHECK(w.dead.empty());
    CHECK(w.progress() == -1);
    must(w.admin, "alter table nd.events disable trigger poison");
    CHECK(w.take().kind == lane_report::what::stored);
    CHECK_FALSE(w.lane.is_parked());
    w.check_all_stored();
}

// This record's own values: it goes to nd.dead.v1, alone.
void check_poison(const std::string& state) {
    CAPTURE(state);
    lane_world w;
    w.refuse_times(state, 1'000'000);
    CHECK(w.store_it().kind == lane_report::what::stored);
    CHECK(w.rows() == 39);
    CHECK(w.progress() == 40);
    CHECK(w.ready() == 200);
    REQUIRE(w.dead.size() == 1);
    const std::map<std::string, std::string> said(w.dead[0].headers.begin(),
                                                  w.dead[0].headers.end());
    CHECK(said.at("nd-sqlstate") == state);
    CHECK(said.at("nd-reason") == "postgres_" + state.substr(0, 2) + ": as told");
    CHECK(said.at("nd-source-topic") == "nd.events.v1");
    CHECK(said.at("nd-source-partition") == "0");
    CHECK(said.at("nd-source-offset") == "17");
    CHECK(said.at("nd-attempt") == "1");
    CHECK(said.at("nd-received-at") == "1793000000123");
}

}  // namespace

TEST_CASE("class 08, a lost connection, is tried again for ever") {
    check_retried("08006");
}
TEST_CASE("class 25, a database that is read only, is tried again for ever") {
    check_retried("25006");
}
TEST_CASE("class 53, a full disk or too many connections, is tried again for ever") {
    check_retried("53100");
    check_retried("53300");
}
TEST_CASE("class 55, a lock that was not had, is tried again for ever") {
    check_retried("55P03");
}
TEST_CASE("class 57, a shutdown or a cancelled statement, is tried again for ever") {
    check_retried("57P01");
    check_retried("57014");
}
TEST_CASE("class 58, a failing volume, is tried again for ever") {
    check_retried("58030");
}
TEST_CASE("class 40, a deadlock or a serialization failure, is tried again at once") {
    check_at_once("40P01");
    check_at_once("40001");
}
TEST_CASE("class 42, a missing right or table, parks") {
    check_parked("42501");
    check_parked("42P01");
}
TEST_CASE("class ND, the procedure's own sums, parks") {
    check_parked("ND001");
}
TEST_CASE("class XX, a broken database, parks") {
    check_parked("XX001");
}
TEST_CASE("class 0A, something that this Postgres cannot do, parks") {
    check_parked("0A000");
}
TEST_CASE("class 2D, a COMMIT where none may be, parks") {
    check_parked("2D000");
}
TEST_CASE("class P0, an exception without a code of its own, parks") {
    check_parked("P0001");
}
TEST_CASE("class 28, a login that is refused, parks") {
    check_parked("28P01");
}
TEST_CASE("class 3F, a schema that is not there, parks") {
    check_parked("3F000");
}
TEST_CASE("a class that nobody has heard of parks") {
    check_parked("Q7001");
}
TEST_CASE("class 54 speaks of the statement, not of the value: it parks") {
    check_parked("54001");
    check_parked("54011");
}
TEST_CASE("54000 itself is the value's: poison") {
    check_poison("54000");
}
TEST_CASE("class 22, data that Postgres refuses, is poison") {
    check_poison("22003");
    check_poison("22P05");
}
TEST_CASE("class 23, a constraint, is poison") {
    check_poison("23514");
    check_poison("23502");
}
