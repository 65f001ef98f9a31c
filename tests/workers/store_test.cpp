#include "workers/store.hpp"

#include "tests/pg/database.hpp"
#include "tests/workers/records.hpp"
#include "workers/deliver.hpp"
#include "workers/verdict.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using base::errc;
using workers::verdict;

namespace {

struct world {
    test_database database;
    base::pg::connection admin = database.admin();
    std::vector<base::outgoing_record> dead;

    std::unique_ptr<workers::pg_store> store(bool pooled = false) const {
        auto made = std::make_unique<workers::pg_store>(
            pooled ? database.pooled_url("nd_writer") : database.url("nd_writer"), "c", "t");
        const auto progress = made->read_progress();
        if (progress.has_error()) FAIL(progress.error().detail);
        return made;
    }
    workers::publish_dead publisher() {
        return [this](std::span<const base::outgoing_record> records) {
            dead.insert(dead.end(), records.begin(), records.end());
            return base::result<>();
        };
    }
    std::int64_t count(std::string_view what) { return number(admin, what); }
    std::int64_t rows() { return count("select count(*) from nd.events"); }
    std::int64_t progress() {
        return count("select coalesce(max(next_offset), -1) from nd.progress");
    }
    // From now on Postgres refuses every event of this name, as `do` says.
    void on_poison(const std::string& statement) {
        must(admin,
             "create or replace function public.poison() returns trigger language plpgsql as "
             "$$ begin if new.name = 'poison' then " +
                 statement +
                 "; end if; return new; end $$; create or replace trigger poison before insert "
                 "on nd.events for each row execute function public.poison()");
    }
};

test_record poison(int tenant, int event) {
    auto record = good_record(tenant, event);
    record.value =
        fmt::format(R"({{"event_id":"{}","name":"poison","occurred_at":"2026-11-02T10:00:00Z"}})",
                    event_text(event));
    return record;
}

std::vector<test_record> many(int records, int tenants) {
    std::vector<test_record> made;
    for (int i = 0; i < records; ++i)
        made.push_back(good_record(i % tenants, i));
    return made;
}

}  // namespace

TEST_CASE("a batch becomes rows of its tenants, durably with its progress") {
    world w;
    for (const bool pooled : {false, true}) {
        CAPTURE(pooled);
        must(w.admin, "truncate nd.events; delete from nd.progress");
        const auto store = w.store(pooled);
        const auto load = parcel_of(many(500, 7));
        const auto done = store->store(*load, true);
        REQUIRE(done.has_value());
        CHECK(done->inserted == 500);
        CHECK(w.rows() == 500);
        CHECK(w.count("select count(*) from nd.events where environment = 'live' and received_at = "
                      "'epoch'::timestamptz + interval '1793000000.123 s'") == 500);
        CHECK(store->read_progress().value() == std::vector<base::kafka_position>{{0, 500}});

        SUBCASE("again changes nothing and counts duplicates") {
            const auto again = store->store(*load, true);
            // The batch expected progress 0 and finds 500: more is fine, less would not be.
            REQUIRE(again.has_value());
            CHECK(again->inserted == 0);
            CHECK(again->duplicates == 500);
            CHECK(w.rows() == 500);
        }
        SUBCASE("the same identity with another payload leaves the first row and is a conflict") {
            auto other = many(500, 7);
            other[3].value = fmt::format(
                R"({{"event_id":"{}","name":"other","occurred_at":"2026-11-02T10:00:00Z"}})",
                event_text(3));
            const auto again = store->store(*parcel_of(other), true);
            REQUIRE(again.has_value());
            CHECK(again->conflicts == 1);
            CHECK(again->duplicates == 499);
            CHECK(w.count("select count(*) from nd.events where name = 'other'") == 0);
        }
    }
}

TEST_CASE("without advance the progress stays before the batch") {
    world w;
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
    world w;
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
    world w;
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
    world w;
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

TEST_CASE("poison of most tenants parks before anything is published, and moves no progress") {
    world w;
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

TEST_CASE("every class of SQLSTATE has its fate") {
    world w;
    const auto store = w.store();
    struct example {
        const char* state;
        std::optional<verdict> fate;  // none: the record dies, the batch is stored
    };
    const std::vector<example> examples{
        {"08006", verdict::restart}, {"25006", verdict::restart}, {"40001", verdict::again},
        {"40P01", verdict::again},   {"53100", verdict::restart}, {"53200", verdict::restart},
        {"55P03", verdict::restart}, {"57014", verdict::restart}, {"58030", verdict::restart},
        {"0A000", verdict::park},    {"21000", verdict::park},    {"42501", verdict::park},
        {"42P01", verdict::park},    {"54001", verdict::park},    {"P0001", verdict::park},
        {"XX000", verdict::park},    {"22003", std::nullopt},     {"22P02", std::nullopt},
        {"23514", std::nullopt},     {"23502", std::nullopt},     {"54000", std::nullopt},
    };
    for (const auto& [state, fate] : examples) {
        CAPTURE(state);
        must(w.admin, "truncate nd.events; delete from nd.progress");
        w.on_poison(fmt::format("raise exception 'told to' using errcode = '{}'", state));
        w.dead.clear();
        const auto load = parcel_of({good_record(1, 1), poison(1, 2), good_record(2, 3)});
        const auto done = workers::deliver(*load, *store, w.publisher());
        if (fate) {
            REQUIRE(done.has_error());
            CHECK(done.error().sqlstate == state);
            CHECK(workers::verdict_of(done.error()) == *fate);
            CHECK(w.dead.empty());
            CHECK(w.progress() == -1);
        } else {
            if (done.has_error()) FAIL(done.error().detail);
            CHECK(w.dead.size() == 1);
            CHECK(w.rows() == 2);
            CHECK(w.progress() == 3);
        }
    }
}

TEST_CASE("a row in the wrong group is refused by the database and parks") {
    world w;
    const auto store = w.store();
    auto load = parcel_of(many(40, 4));
    // One row too many for the second tenant: its last place belongs to the third.
    load->groups.slices[1].hi += 1;
    load->groups.slices[2].lo += 1;
    load->columns.fill(load->records.rows(), load->groups);
    const auto done = workers::deliver(*load, *store, w.publisher());
    REQUIRE(done.has_error());
    CHECK(done.error().sqlstate == "42501");
    CHECK(workers::verdict_of(done.error()) == verdict::park);
    CHECK(w.progress() == -1);
    CHECK(w.count("select count(*) from nd.events where tenant_id = '" + tenant_text(1) + "'") ==
          0);
}

TEST_CASE("a batch that does not add up is refused and parks") {
    world w;
    const auto store = w.store();
    auto load = parcel_of(many(40, 4));
    SUBCASE("a row that no group holds") {
        load->groups.slices.back().hi -= 1;
    }
    SUBCASE("a row in two groups") {
        load->groups.slices[1].hi += 1;
    }
    SUBCASE("a tenant twice") {
        load->groups.slices[1].tenant = load->groups.slices[0].tenant;
    }
    load->columns.fill(load->records.rows(), load->groups);
    const auto done = store->store(*load, true);
    REQUIRE(done.has_error());
    CHECK(done.error().sqlstate == "ND001");
    CHECK(workers::verdict_of(done.error()) == verdict::park);
    CHECK(w.rows() == 0);
}

TEST_CASE("a database that is an older copy takes nothing: reading must go back first") {
    world w;
    const auto store = w.store();
    auto load = std::make_unique<workers::parcel>();
    workers::positions at;
    schema::event_scanner scanner;
    at.start(0, {100, 100, {}}, 1000);
    REQUIRE(load->records.take(good_record(1, 1, 100).raw(), at, scanner));
    workers::group(load->records.rows(), load->groups);
    load->columns.fill(load->records.rows(), load->groups);
    must(w.admin, "insert into nd.progress values ('c', 't', 0, 99)");
    const auto done = store->store(*load, true);
    REQUIRE(done.has_error());
    CHECK(done.error().sqlstate == "ND002");
    CHECK(workers::verdict_of(done.error()) == verdict::restart);
    CHECK(w.rows() == 0);
    CHECK(store->store_rest(*load, {}).has_error());
    CHECK(w.progress() == 99);
}

TEST_CASE("a killed backend is a restart, and storing needs the progress read first") {
    world w;
    const auto store = w.store();
    const auto load = parcel_of(many(10, 2));
    must(w.admin,
         "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nd_writer'");
    const auto done = store->store(*load, true);
    REQUIRE(done.has_error());
    CHECK(workers::verdict_of(done.error()) == verdict::restart);
    store->disconnect();
    CHECK(store->store(*load, true).has_error());
    REQUIRE(store->read_progress().has_value());
    CHECK(store->store(*load, true).has_value());
}

TEST_CASE("a revoked right parks, and granting it again mends it") {
    world w;
    const auto store = w.store();
    const auto load = parcel_of(many(10, 2));
    must(w.admin, "revoke insert on nd.events from nd_writer");
    const auto done = store->store(*load, true);
    REQUIRE(done.has_error());
    CHECK(done.error().sqlstate == "42501");
    CHECK(workers::verdict_of(done.error()) == verdict::park);
    must(w.admin, "grant insert on nd.events to nd_writer");
    CHECK(store->store(*load, true).has_value());
}

TEST_CASE("an unsafe role is refused, a missing server is not") {
    world w;
    workers::pg_store unsafe(w.database.url("nd_migrate"), "c", "t");
    const auto refused = unsafe.read_progress();
    REQUIRE(refused.has_error());
    CHECK(workers::verdict_of(refused.error()) == verdict::park);
    workers::pg_store nowhere("postgresql://nd_writer@127.0.0.1:1/nd", "c", "t");
    const auto away = nowhere.read_progress();
    REQUIRE(away.has_error());
    CHECK(workers::verdict_of(away.error()) == verdict::restart);
}
