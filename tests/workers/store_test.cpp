// A batch on its way into a real Postgres, and what each refusal makes of it.
#include "tests/workers/store_world.hpp"
#include "workers/verdict.hpp"

using namespace nd;
using namespace nd::tests;
using workers::verdict;

TEST_CASE("a batch becomes rows of its tenants, durably with its progress") {
    store_world w;
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

TEST_CASE("every class of SQLSTATE has its fate") {
    store_world w;
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
    for (const auto& one : examples) {
        CAPTURE(one.state);
        must(w.admin, "truncate nd.events; delete from nd.progress");
        w.on_poison(fmt::format("raise exception 'told to' using errcode = '{}'", one.state));
        w.dead.clear();
        const auto load = parcel_of({good_record(1, 1), poison(1, 2), good_record(2, 3)});
        const auto done = workers::deliver(*load, *store, w.publisher());
        if (one.fate) {
            REQUIRE(done.has_error());
            CHECK(done.error().sqlstate == one.state);
            CHECK(workers::verdict_of(done.error()) == *one.fate);
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
    store_world w;
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
    store_world w;
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
    store_world w;
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
    store_world w;
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
    store_world w;
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
    store_world w;
    workers::pg_store unsafe(w.database.url("nd_migrate"), "c", "t", test_pepper);
    const auto refused = unsafe.read_progress();
    REQUIRE(refused.has_error());
    CHECK(workers::verdict_of(refused.error()) == verdict::park);
    workers::pg_store nowhere("postgresql://nd_writer@127.0.0.1:1/nd", "c", "t", test_pepper);
    const auto away = nowhere.read_progress();
    REQUIRE(away.has_error());
    CHECK(workers::verdict_of(away.error()) == verdict::restart);
}
