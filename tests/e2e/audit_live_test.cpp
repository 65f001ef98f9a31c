// ndctl audit beside a system that goes on, and what it refuses.
#include "tests/e2e/audited_system.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

TEST_CASE("while events stream in, an audit up to its watermark is equal every time") {
    audited_tenants world;
    std::atomic<bool> done{false};
    std::thread load([&] {
        obligations oracle(the_system());
        http_client client(the_system()["ND_URL"]);
        while (!done)
            (void)oracle.send(client, world.tenants[0], 20);
    });
    int equal = 0;
    for (int i = 0; i < 8; ++i) {
        std::this_thread::sleep_for(200ms);
        const auto said = audit(world.range);
        // A moment without anything stored is said, and is no finding about an event.
        if (said.said.contains("error")) continue;
        CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
        ++equal;
    }
    done = true;
    load.join();
    CHECK(equal >= 4);
}

TEST_CASE("an audit while the writer is away counts what is pending and finds nothing wrong") {
    audited_tenants world;
    world.send(0, 5);
    world.arrive();
    REQUIRE(world.settled().status == 0);
    the_system().stop("nd-writer");
    world.send(0, 4);
    std::this_thread::sleep_for(20ms);
    const auto until = now_text();
    const auto said = audit(world.range + "--to " + until);
    CHECK(said.status == 0);
    CHECK(said.count(world.a, "pending") == 4);
    CHECK(said.count(world.a, "distinct") == 5);
    // Without an end the range ends where the writer stands.
    const auto open = audit(world.range);
    CHECK(open.status == 0);
    CHECK(open.count(world.a, "pending") == 0);
    CHECK_FALSE(open.said.at("range").at("to").is_null());
    the_system().start("nd-writer");
    world.arrive();
    CHECK(eventually(20s, [&] {
        const auto after = audit(world.range + "--to " + until);
        return after.status == 0 && after.count(world.a, "distinct") == 9;
    }));
}

TEST_CASE("an import that nobody stores is pending, and holds no audit back") {
    the_system().stop("nd-writer.import");
    audited_tenants world;
    produce({"nd.import.v1",
             world.a,
             R"({"event_id":")" + fresh_uuid() + R"(","name":"old","occurred_at":")" + now_text() +
                 "\"}",
             {{"nd-environment", "live"}}});
    std::this_thread::sleep_for(20ms);
    world.send(0, 3);
    world.arrive();
    const auto said = world.settled();
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(world.a, "distinct") == 3);
    CHECK(said.count(world.a, "pending") == 1);
    the_system().start("nd-writer.import");
    CHECK(eventually(20s, [&] {
        const auto stored = audit(world.range);
        return stored.status == 0 && stored.count(world.a, "distinct") == 4;
    }));
}

TEST_CASE("ranges and tenants that make no sense are refused with a reason") {
    const auto refused = [](const std::string& arguments, int status, const std::string& reason) {
        const auto done = the_system().ndctl("audit " + arguments);
        CHECK_MESSAGE(done.status == status, (arguments + ": " + done.output));
        CHECK_MESSAGE(done.output.find(reason) != std::string::npos, done.output);
    };
    refused("--from 2099-01-01T00:00:00Z", 2, "lies in the future");
    refused("--from 2026-01-02T00:00:00Z --to 2026-01-01T00:00:00Z", 2, "is reversed");
    refused("--from 2026-01-02T00:00:00Z --to 2026-01-02T00:00:00Z", 2, "is empty");
    refused("--from yesterday", 2, "--from yesterday");
    refused("--from-offset 0:0 --from 2026-01-02T00:00:00Z", 2, "not as both");
    refused("--from-offset 99:0", 2, "no partition 99");
    refused("--topic nd.events.v1", 2, "--topic goes with");
    refused("--topic nd.dead.v1 --from-offset 0:0", 2, "rows come from");
    refused("--tenant 00000000-0000-4000-8000-000000000000", 1, "tenant");
    refused("--tenant nobody", 2, "nobody");
    refused("--list -1", 2, "--list");
    const auto away = the_system().ndctl("audit --kafka 127.0.0.1:1");
    CHECK_MESSAGE(away.status == 3, away.output);
    const auto no_database = the_system().ndctl(
        "audit --operator-database-url 'postgresql://nd_operator:x@127.0.0.1:1/nd'");
    CHECK_MESSAGE(no_database.status == 3, no_database.output);
}
