// Batches with records that Postgres refuses or swallows: what dies, what stays, and when progress
// moves.
#include "tests/workers/store_world.hpp"
#include "workers/verdict.hpp"

#include <chrono>
#include <map>
#include <set>

using namespace nd;
using namespace nd::tests;
using workers::verdict;

namespace {

struct counting_store final : workers::row_store {
    explicit counting_store(workers::row_store& real) : to(real) {}
    base::result<std::vector<base::kafka_position>> read_progress() override {
        return to.read_progress();
    }
    base::result<workers::stored> store(const workers::parcel& load, bool advance) override {
        ++calls;
        return to.store(load, advance);
    }
    base::result<> store_rest(const workers::parcel& load,
                              std::span<const workers::refused_row> elsewhere) override {
        ++calls;
        return to.store_rest(load, elsewhere);
    }
    void disconnect() override { to.disconnect(); }

    workers::row_store& to;
    int calls = 0;
};

}  // namespace

TEST_CASE("without advance the progress stays before the batch") {
    store_world w;
    const auto store = w.store();
    const auto load = parcel_of(many(10, 2));
    REQUIRE(store->store(*load, false).has_value());
    CHECK(w.rows() == 10);
    CHECK(w.progress() == 0);
    REQUIRE(store->store_rest(*load, {}).has_value());
    CHECK(w.rows() == 10);
    CHECK(w.progress() == 10);
}

TEST_CASE("what a crash takes while dead records are published comes back with the progress") {
    store_world w;
    w.on_poison("raise exception 'no such thing' using errcode = '22003'");
    const auto store = w.store(true);
    auto records = many(100, 10);
    records[42] = poison(2, 42);
    const auto load = parcel_of(records);
    // Behind a pooler the writer's own connection lives on when the server loses what it had not
    // flushed, or another one takes its place.
    const auto losing = [&](std::span<const base::outgoing_record> dead) {
        must(w.admin, "delete from nd.events");
        return w.publisher()(dead);
    };
    const auto done = workers::deliver(*load, *store, losing);
    if (done.has_error()) FAIL(done.error().detail);
    CHECK(done->rows.inserted == 99);
    CHECK(w.rows() == 99);
    CHECK(w.progress() == 100);
}

TEST_CASE("rows that something in the database swallows are not counted as stored: it parks") {
    store_world w;
    w.on_poison("return null");
    const auto store = w.store();
    auto records = many(20, 4);
    records[7] = poison(3, 7);
    const auto load = parcel_of(records);
    for (const char* way : {"as new rows", "beside rows that are there"}) {
        CAPTURE(way);
        const auto done = store->store(*load, true);
        REQUIRE(done.has_error());
        CHECK(done.error().sqlstate == "ND001");
        CHECK(workers::verdict_of(done.error()) == verdict::park);
        CHECK(w.progress() == -1);
        must(w.admin, "alter table nd.events disable trigger poison");
        auto others = many(20, 4);
        others.erase(others.begin() + 7);
        REQUIRE(store->store(*parcel_of(others), false).has_value());
        must(w.admin, "alter table nd.events enable trigger poison; delete from nd.progress");
    }
}

TEST_CASE("one bad record in 5,000 dies alone, with its reason, and everything else is stored") {
    store_world w;
    w.on_poison("raise exception 'no such thing' using errcode = '22003'");
    const auto store = w.store();
    auto records = many(5000, 50);
    records[1234] = poison(33, 1234);
    const auto load = parcel_of(records);
    const auto done = workers::deliver(*load, *store, w.publisher());
    if (done.has_error()) FAIL(done.error().detail);
    CHECK(done->rows.inserted == 4999);
    CHECK(w.rows() == 4999);
    CHECK(w.progress() == 5000);
    REQUIRE(w.dead.size() == 1);
    CHECK(w.dead[0].key == tenant_text(33));
    CHECK(w.dead[0].value == records[1234].value);
    bool says_state = false;
    for (const auto& [name, value] : w.dead[0].headers) {
        if (name == "nd-sqlstate") says_state = value == "22003";
        if (name == "nd-source-offset") CHECK(value == "1234");
    }
    CHECK(says_state);
}

TEST_CASE("1,000 bad records among 5,000 cost one CALL more, and each is dead with its place") {
    store_world w;
    w.on_poison("raise exception 'no such thing' using errcode = '22003'");
    const auto pg = w.store();
    counting_store store(*pg);
    auto records = many(5000, 50);
    std::set<std::string> bad;
    for (int i = 0; bad.size() < 1000; ++i) {
        if (i % 50 >= 24) continue;  // of fewer than half of the tenants
        records[static_cast<std::size_t>(i)] = poison(i % 50, i);
        bad.insert(std::to_string(i));
    }
    const auto load = parcel_of(records);
    const auto done = workers::deliver(*load, store, w.publisher());
    if (done.has_error()) FAIL(done.error().detail);
    CHECK(store.calls == 2);
    CHECK(w.rows() == 4000);
    CHECK(w.progress() == 5000);
    std::set<std::string> dead;
    for (const auto& record : w.dead) {
        const std::map<std::string, std::string> said(record.headers.begin(), record.headers.end());
        CHECK(said.at("nd-sqlstate") == "22003");
        CHECK(said.at("nd-source-topic") == "nd.events.v1");
        CHECK(said.at("nd-source-partition") == "0");
        CHECK(said.at("nd-attempt") == "1");
        dead.insert(said.at("nd-source-offset"));
    }
    CHECK(w.dead.size() == 1000);
    CHECK(dead == bad);
}

// While a week's partition is young nobody has counted its rows, and a plan for hardly any row
// compares each with all others: seconds for these, and minutes for a batch of a backlog.
TEST_CASE("a large tenant's rows that are there already are found quickly in a new partition") {
    store_world w;
    must(w.admin,
         "alter table nd.events_default set (autovacuum_enabled = false); "
         "select nd.make_events_partition('2026-11-02'); "
         "alter table nd.events_2026w45 set (autovacuum_enabled = false)");
    const auto store = w.store();
    std::vector<test_record> records;
    for (int i = 0; i < 10'000; ++i) {
        records.push_back(good_record(1, i));
        records.back().value =
            event_json(i, fmt::format("2026-11-02T10:{:02}:{:02}Z", i / 60 % 60, i % 60));
    }
    const auto load = parcel_of(records);
    const auto time_of = [](const auto& what) {
        const auto begun = std::chrono::steady_clock::now();
        what();
        return std::chrono::steady_clock::now() - begun;
    };
    const auto first =
        time_of([&] { REQUIRE(store->store(*load, true).value().inserted == 10'000); });
    const auto again =
        time_of([&] { REQUIRE(store->store(*load, true).value().duplicates == 10'000); });
    // As long as storing them, or half of it; twenty times as long as a plain join.
    CHECK(again < 5 * first);
}

TEST_CASE("poison of most tenants parks before anything is published, and moves no progress") {
    store_world w;
    w.on_poison("raise exception 'no' using errcode = '23514'");
    const auto store = w.store();
    std::vector<test_record> records = many(60, 6);
    for (int t = 0; t < 4; ++t)
        records.push_back(poison(t, 1000 + t));
    const auto done = workers::deliver(*parcel_of(records), *store, w.publisher());
    REQUIRE(done.has_error());
    CHECK(workers::verdict_of(done.error()) == verdict::park);
    CHECK(w.dead.empty());
    CHECK(w.progress() == -1);
    CHECK(w.rows() == 60);  // the good rows are there; storing them again changes nothing
}
