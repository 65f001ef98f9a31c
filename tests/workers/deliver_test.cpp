#include "workers/deliver.hpp"

#include "tests/workers/fake_store.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using base::errc;
using calls = std::vector<std::string>;

TEST_CASE("a good batch is one call") {
    fake_store store;
    const auto load = parcel_of({good_record(1, 1), good_record(2, 2)});
    const auto done = workers::deliver(*load, store, store.publisher());
    REQUIRE(done.has_value());
    CHECK(done->rows.inserted == 2);
    CHECK(store.calls() == calls{"store"});
}

TEST_CASE("progress moves past a dead record only after it is acknowledged") {
    fake_store store;
    auto junk = good_record(2, 2);
    junk.value = "junk";
    const auto load = parcel_of({good_record(1, 1), junk});
    const auto done = workers::deliver(*load, store, store.publisher());
    REQUIRE(done.has_value());
    CHECK(done->dead.size() == 1);
    CHECK(store.calls() == calls{"store without progress", "publish junk", "rest without 0"});
}

TEST_CASE("a row that Postgres refuses is published with its SQLSTATE, the rest stays stored") {
    fake_store store;
    store.refused = {{1, "22003", "out of range"}};
    const auto load = parcel_of({good_record(1, 1), good_record(2, 2)});
    const auto done = workers::deliver(*load, store, store.publisher());
    REQUIRE(done.has_value());
    REQUIRE(done->dead.size() == 1);
    CHECK(done->dead[0].sqlstate == "22003");
    CHECK(done->dead[0].reason == "postgres_22: out of range");
    CHECK(done->dead[0].key == tenant_text(2));
    CHECK(done->dead[0].value == event_json(2));
    CHECK(done->dead[0].offset == 1);
    CHECK(store.calls() == calls{"store", "publish " + event_json(2), "rest without 1"});
}

TEST_CASE("no progress is written when a dead record was not acknowledged") {
    fake_store store;
    auto junk = good_record(2, 2);
    junk.value = "junk";
    store.fail("publish", errc::unavailable, "");
    const auto load = parcel_of({good_record(1, 1), junk});
    const auto done = workers::deliver(*load, store, store.publisher());
    REQUIRE(done.has_error());
    CHECK(done.error().code == errc::unavailable);
    CHECK(store.calls() == calls{"store without progress", "publish junk"});
}

TEST_CASE("when most tenants have dead records nothing is published and the batch is refused") {
    fake_store store;
    std::vector<test_record> records;
    for (int t = 0; t < 5; ++t)
        records.push_back(good_record(t, t));
    for (std::uint32_t t = 0; t < 3; ++t)
        store.refused.push_back({t, "22P02", "no"});
    const auto load = parcel_of(records);
    const auto done = workers::deliver(*load, store, store.publisher());
    REQUIRE(done.has_error());
    CHECK(done.error().code == errc::refused);
    CHECK(done.error().detail.starts_with("3 of 5 tenants"));
    CHECK(store.calls() == calls{"store"});
}
