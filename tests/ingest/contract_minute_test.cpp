// The limit over the edge of a minute, through a socket against the real nd-ingest. A program of
// its own, because it waits for a minute to pass.
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

struct answers {
    int accepted = 0;
    int limited = 0;
    int wait = 0;  // Retry-After of the last 429
};

answers send(raw_client& client, const std::string& key, int requests) {
    answers got;
    request what;
    what.key = key;
    for (int n = 0; n < requests; ++n) {
        what.body = batch_of(1);
        REQUIRE(client.send(what.text()));
        const auto one = client.read_answer();
        if (one.status == 202) ++got.accepted;
        if (one.status != 429) continue;
        ++got.limited;
        got.wait = std::stoi(one.headers.at("retry-after"));
    }
    return got;
}

}  // namespace

TEST_CASE("over the edge of a minute, too, sixty are accepted in any sixty seconds and no more") {
    edge_process edge;
    const auto key = edge.make_key("", 0);  // the default limit
    auto client = edge.connect();
    const auto begun = std::chrono::steady_clock::now();
    CHECK(send(client, key.key, 20).accepted == 20);
    // A window that began anew with the clock's minute, or a bucket that filled up meanwhile, would
    // let more than forty in now or more than twenty later.
    std::this_thread::sleep_until(begun + 45s);
    const auto second = send(client, key.key, 45);
    CHECK(second.accepted == 40);
    CHECK(second.limited == 5);
    CHECK(second.wait <= 15);
    std::this_thread::sleep_until(begun + 61s);
    const auto third = send(client, key.key, 25);
    CHECK(third.accepted == 20);
    CHECK(third.limited == 5);
    CHECK(third.wait <= 45);
}
