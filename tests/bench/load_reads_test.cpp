#include "bench/load.hpp"

#include "bench/options.hpp"
#include "bench/read_each.hpp"
#include "tests/bench/load_support.hpp"

#include <doctest/doctest.h>

using namespace nd::bench;
using namespace nd::tests;

namespace {

reaction answering(int status, std::string body = {}) {
    reaction made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

load_plan reading(const scripted_server& server, const std::vector<page_read>& what) {
    auto plan = short_plan(server, 300);
    plan.events_per_request = 1;
    plan.reads = what;
    return plan;
}

}  // namespace

TEST_CASE("a load of reads asks for each in turn, with its own key and no body") {
    const std::vector<page_read> what{{"key-x", "/v1/schema?page=/a", {}},
                                      {"key-y", "/v1/schema", {}}};
    // More than one read of the socket long.
    // The stalls make many answers later than the window's end: their bytes count as well.
    scripted_server server([](int) {
        auto made = answering(200, std::string(20'000, 'x'));
        made.stall = std::chrono::milliseconds(5);
        return made;
    });
    auto plan = reading(server, what);
    plan.connections = 1;
    plan.patience = std::chrono::seconds(10);
    const auto got = run(plan);
    CHECK(got.failures() == 0);
    CHECK(got.requests > 100);
    CHECK(got.events == got.requests);
    CHECK(got.latency.count() == got.requests);
    CHECK(got.bytes_received >= got.requests * 20'000);
    const auto& requests = server.stop();
    REQUIRE(requests.size() > 100);
    for (std::size_t i = 0; i < requests.size(); ++i) {
        CHECK(requests[i].key == what[i % 2].key);
        CHECK(requests[i].target == what[i % 2].target);
        CHECK(requests[i].body.empty());
    }
    CHECK(server.connections() == 1);
}

TEST_CASE("304 is what a read with an entity tag wants, and 200 is counted apart") {
    const std::vector<page_read> what{{"key-x", "/v1/schema?page=/a", "\"1\""}};
    scripted_server server([](int n) { return answering(n % 2 == 0 ? 304 : 200, ""); });
    const auto got = run(reading(server, what));
    CHECK(got.requests > 50);
    CHECK(got.refused.at(200) > 50);
    CHECK(got.refused.size() == 1);
    CHECK(got.latency.count() == got.requests);
    CHECK(got.failures() == got.refused.at(200));
}

TEST_CASE("no other status is what a read without an entity tag wants, 202 and 304 neither") {
    const std::vector<page_read> what{{"key-x", "/v1/schema?page=/a", {}}};
    for (const int status : {202, 304, 404, 429, 503}) {
        CAPTURE(status);
        scripted_server server([status](int) { return answering(status); });
        const auto got = run(reading(server, what));
        CHECK(got.requests == 0);
        CHECK(got.failures() > 50);
        CHECK(got.refused.at(status) == got.failures());
    }
}

TEST_CASE("pages are asked for one after another, and the first wrong answer is told") {
    const std::vector<page_read> what{{"key-x", "/v1/schema?page=/a", {}},
                                      {"key-x", "/v1/schema?page=/b", {}},
                                      {"key-x", "/v1/schema?page=/c", {}}};
    scripted_server good([](int n) { return answering(200, std::to_string(n)); });
    const auto got = read_each(reading(good, what), what);
    REQUIRE(got.size() == 3);
    CHECK(got[0].body == "0");
    CHECK(got[2].body == "2");
    CHECK(got[1].etag.empty());
    CHECK(good.stop()[1].target == "/v1/schema?page=/b");
    scripted_server bad([](int n) { return answering(n == 1 ? 429 : 200, "the reason"); });
    CHECK_THROWS_WITH_AS(static_cast<void>(read_each(reading(bad, what), what)),
                         "GET /v1/schema?page=/b was answered 429 instead of 200: the reason",
                         bench_error);
    CHECK(bad.stop().size() == 2);
}
