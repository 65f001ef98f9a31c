// What nd-ingest does with clients that hold its memory or say nothing.
#include "tests/ingest/edge_process.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nd::tests;
using clock_type = std::chrono::steady_clock;

namespace {

std::size_t body_bytes(const edge_process& edge) {
    const std::string name = "\nnd_ingest_body_bytes ";
    const auto text = edge.admin("/metrics").body;
    return static_cast<std::size_t>(std::stod(text.substr(text.find(name) + name.size())));
}

}  // namespace

TEST_CASE("a connection that says nothing is closed after --idle-timeout, a used one too") {
    // The other times are so long that they cannot be what ends it.
    edge_process edge(variables{
        {"ND_IDLE_TIMEOUT", "1"}, {"ND_HEADER_TIMEOUT", "600"}, {"ND_BODY_TIMEOUT", "600"}});
    const auto begun = clock_type::now();
    auto silent = edge.connect();
    auto used = edge.connect();
    used.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(used.read_answer().status == 404);
    const auto answered = clock_type::now();
    CHECK(silent.ends_in_order());
    CHECK(clock_type::now() - begun >= std::chrono::milliseconds(950));
    CHECK(used.ends_in_order());
    CHECK(clock_type::now() - answered >= std::chrono::milliseconds(950));
    CHECK(clock_type::now() - answered < std::chrono::seconds(10));
}

TEST_CASE("bodies share a budget: 503 busy when it is used up, and all is well after that") {
    constexpr std::size_t largest = 1 << 20;
    edge_process edge(variables{{"ND_BODY_TIMEOUT", "600"}});
    const auto key = edge.known_key();
    {
        std::vector<raw_client> holders;
        for (int i = 0; i < 64; ++i) {
            auto what = good_request(key.key);
            what.body = std::string(largest, ' ');
            const auto text = what.text();
            holders.push_back(edge.connect());
            holders.back().send(text.substr(0, text.size() - 1));
        }
        REQUIRE(
            eventually(std::chrono::seconds(20), [&] { return body_bytes(edge) == 64 * largest; }));
        const auto got = edge.ask(good_request(key.key));
        CHECK(got.status == 503);
        CHECK(member(got, "code") == "busy");
        REQUIRE(got.headers.contains("retry-after"));
        CHECK(std::stoi(got.headers.at("retry-after")) >= 1);
    }
    CHECK(eventually(std::chrono::seconds(20), [&] { return body_bytes(edge) == 0; }));
    CHECK(edge.ask(good_request(key.key)).status == 202);
}
