#include "bench/load.hpp"

#include "tests/bench/load_support.hpp"

#include <doctest/doctest.h>
#include <boost/json/object.hpp>

using namespace std::chrono_literals;
using namespace nd::bench;
using namespace nd::tests;

namespace {

reaction answering(int status, std::string body) {
    reaction made;
    made.status = status;
    made.body = std::move(body);
    return made;
}

}  // namespace

TEST_CASE("refusals are counted by their status, and never as a success") {
    for (const int status : {401, 429, 500, 503}) {
        CAPTURE(status);
        scripted_server server([status](int) { return answering(status, "the reason"); });
        auto plan = short_plan(server, 500);
        plan.window = 200ms;
        const auto got = run(plan);
        CHECK(got.requests == 0);
        CHECK(got.events == 0);
        CHECK(got.latency.count() == 0);
        REQUIRE(got.refused.size() == 1);
        CHECK(got.refused.begin()->first == status);
        CHECK(got.failures() == got.refused.at(status));
        CHECK(got.failures() > 50);
        CHECK(got.first_refusal == "the reason");
    }
}

TEST_CASE("a mixture of refusals and successes is counted apart") {
    scripted_server server([](int n) {
        return n % 3 == 0 ? reaction() : answering(n % 3 == 1 ? 429 : 503, std::to_string(n));
    });
    const auto got = run(short_plan(server, 300));
    CHECK(got.requests > 20);
    CHECK(got.refused.at(429) > 20);
    CHECK(got.refused.at(503) > 20);
    CHECK(got.refused.size() == 2);
    CHECK(got.latency.count() == got.requests);
    CHECK(got.failures() == got.refused.at(429) + got.refused.at(503));
}

TEST_CASE("an answer that rejected an event is counted apart, for the load is wrong then") {
    const std::string rejecting = R"({"accepted":1,"rejected":[{"index":1,"code":"x"}]})";
    scripted_server server(
        [&](int n) { return n % 2 == 0 ? reaction() : answering(202, rejecting); });
    const auto got = run(short_plan(server, 200));
    CHECK(got.rejected > 20);
    CHECK(got.requests > 20);
    CHECK(got.refused.empty());
    CHECK(got.failures() == got.rejected);
    CHECK(got.events == 2 * got.requests);
    CHECK(got.first_refusal == rejecting);
}

TEST_CASE("a connection that ends instead of an answer counts as status 0, and is made again") {
    scripted_server server([](int n) {
        reaction made;
        made.hang_up = n % 10 == 5;
        return made;
    });
    const auto got = run(short_plan(server, 200));
    CHECK(got.refused.at(0) >= 5);
    CHECK(got.refused.size() == 1);
    CHECK(got.requests > 3 * got.refused.at(0));
    static_cast<void>(server.stop());
    CHECK(server.connections() > 4);
}

TEST_CASE("an answer that ends its connection is a good answer, and the connection is made again") {
    scripted_server server([](int) {
        reaction made;
        made.last = true;
        return made;
    });
    auto plan = short_plan(server, 20);
    plan.window = 1s;
    const auto got = run(plan);
    CHECK(got.failures() == 0);
    CHECK(got.requests >= 5);
    static_cast<void>(server.stop());
    CHECK(server.connections() > 4);
}

TEST_CASE("what the server never answered is a failure: sent ones are lost, the others unsent") {
    scripted_server server([](int n) {
        reaction made;
        made.silent = n >= 40;
        return made;
    });
    auto plan = short_plan(server, 200);
    std::uint64_t told_of_lost = 0;
    boost::asio::io_context io(1);
    load one(io, plan);
    one.on_answer([&](const load::answer& of) { told_of_lost += of.status == 0 ? 1U : 0U; });
    one.start();
    io.run();
    const auto& got = one.outcome();
    CHECK(got.refused.at(0) == 4);  // one on each connection
    CHECK(told_of_lost == 4);
    CHECK(got.unsent > 20);
    CHECK(got.failures() == got.unsent + 4);
}

TEST_CASE("a server that is away is no crash and no success") {
    scripted_server gone([](int) { return reaction(); });
    static_cast<void>(gone.stop());
    auto plan = short_plan(gone, 100);
    plan.to.port(1);  // nobody listens there
    plan.window = plan.patience = 200ms;
    const auto got = run(plan);
    CHECK(got.requests == 0);
    CHECK(got.unsent > 3);
}

TEST_CASE("pages go as they are, and one that is known already is no success") {
    std::vector<boost::json::object> recorded{{{"page", "/a"}, {"elements", {1}}},
                                              {{"page", "/b"}, {"elements", {2}}}};
    const std::vector<page_template> pages(recorded.begin(), recorded.end());
    const std::string known = R"({"status":"known"})";
    const std::string queued = R"({"status":"queued"})";
    scripted_server server([&](int n) { return answering(202, n % 2 == 0 ? queued : known); });
    auto plan = short_plan(server, 200);
    plan.pages = pages;
    plan.events_per_request = 1;
    const auto got = run(plan);
    CHECK(got.rejected > 20);
    CHECK(got.requests > 20);
    CHECK(got.events == got.requests);
    CHECK(got.refused.empty());
    for (const auto& one : server.stop()) {
        CHECK(one.target == "/v1/schema");
        CHECK(one.body.find("\"session_id\":\"") != std::string::npos);
    }
}
