// The keeper's edges against a real Postgres: what it writes about keys, and how it starts and
// stops.
#include "tests/ingest/key_registry.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

TEST_CASE("a key's last use is written at most once in the period, and once more at the stop") {
    registry rows;
    rows.add_tenant(1);
    for (std::uint32_t key = 1; key <= 3; ++key)
        rows.add_key(key, 1);
    const auto used = [&] {
        return number(
            rows.admin,
            "select count(*) from nd.api_keys where last_used_at > now() - interval '1 minute'");
    };
    const auto version = [&] {
        return number(rows.admin, "select version from nd.control_version");
    };
    const auto before = version();
    auto config = listening(rows.database);
    config.record_use_every = 300ms;
    edge e(config);
    REQUIRE(e.ready());
    for (int i = 0; i < 20; ++i)
        CHECK(e.verdict(1) == "ok");
    CHECK(within(3s, [&] { return used() == 1; }));
    const auto first =
        number(rows.admin,
               "select (extract(epoch from max(last_used_at)) * 1000000)::bigint from nd.api_keys");
    CHECK(e.verdict(1) == "ok");
    std::this_thread::sleep_for(700ms);
    CHECK(
        number(
            rows.admin,
            "select (extract(epoch from max(last_used_at)) * 1000000)::bigint from nd.api_keys") ==
        first);
    CHECK(e.verdict(2) == "ok");
    e.keeper.stop();
    CHECK(used() == 2);
    CHECK(version() == before);
}

TEST_CASE("a role that could switch isolation off is refused at the start") {
    registry rows;
    for (const char* role : {"nd_backup", "nd_migrate"}) {
        CAPTURE(role);
        auto config = listening(rows.database);
        config.database_url = rows.database.url(role);
        edge e(config);
        CHECK(within(5s, [&] { return e.keeper.refused().has_value(); }));
        CHECK_FALSE(e.keeper.now().loaded);
        CHECK(e.verdict(1) == "keys_unavailable");
    }
}

TEST_CASE("without Postgres at the start nothing is ready and a stop is prompt") {
    edge e({.database_url = "host=127.0.0.1 port=1 dbname=none"});
    std::this_thread::sleep_for(300ms);
    CHECK_FALSE(e.keeper.now().loaded);
    CHECK(e.verdict(1) == "keys_unavailable");
    const auto stopped = steady::now();
    e.keeper.stop();
    CHECK(steady::now() - stopped < 1s);
}
