#include "workers/start.hpp"

#include "tests/workers/fake_store.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

TEST_CASE("whatever Postgres refuses at the start is waited for, and /readyz says what it is") {
    for (const auto* state : {"42501", "28P01", "3D000", "42P01", "57P03"}) {
        CAPTURE(state);
        fake_store store;
        workers::health shown;
        const bool away = std::string(state) == "57P03";
        store.fail("read", away ? base::errc::unavailable : base::errc::refused, state);
        std::string said;
        const auto there = workers::wait_for_postgres(store, shown, [&] {
            const auto reply = shown.ready(workers::health::clock::now());
            CHECK(reply.status == 503);
            said = reply.body;
            return false;
        });
        REQUIRE(there.has_value());
        CHECK(*there);
        CHECK(said.find("waiting for Postgres: " + std::string(state) + " told to fail") !=
              std::string::npos);
        // The connection is made anew: a role's rights may depend on it.
        CHECK(store.calls() == std::vector<std::string>{"read", "disconnect", "read"});
    }
}

TEST_CASE("an unsafe database ends the start at once, and a stop does while it waits") {
    fake_store unsafe;
    workers::health shown;
    unsafe.fail("read", base::errc::refused, "");
    const auto refused = workers::wait_for_postgres(unsafe, shown, [] { return false; });
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail == "told to fail");

    fake_store closed;
    closed.fail("read", base::errc::refused, "42501");
    int asked = 0;
    const auto stopped = workers::wait_for_postgres(closed, shown, [&] { return ++asked > 1; });
    REQUIRE(stopped.has_value());
    CHECK_FALSE(*stopped);
}
