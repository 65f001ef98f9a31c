// nd-ingest as a process: stopping, and a Kafka that fails (librdkafka's mock cluster, in this
// process). Each case has a child of its own.
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/mock_cluster.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>

#include <signal.h>

#include <string>
#include <thread>
#include <vector>

using namespace nd::tests;

TEST_CASE(
    "SIGTERM: the request in flight is answered, idle connections end, new ones are not taken") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = edge.known_key();
    auto idle = edge.connect();
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(idle.read_answer().status == 404);
    auto half = edge.connect();
    const auto text = good_request(key.key).text();
    half.send(text.substr(0, text.size() - 5));
    kafka.slow(1500);
    auto waiting = edge.connect();
    waiting.send(text);
    auto fresh = edge.connect();  // its request is on the way when the signal comes
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    edge.signal(SIGTERM);
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    fresh.send(text);
    CHECK(eventually(std::chrono::seconds(5), [&] { return edge.admin("/readyz").status == 503; }));
    CHECK(idle.ends_in_order());
    half.send(text.substr(text.size() - 5));
    auto got = half.read_answer();
    CHECK(got.status == 202);
    CHECK(got.headers.at("connection") == "close");
    CHECK(waiting.read_answer().status == 202);
    CHECK(fresh.read_answer().status == 202);
    CHECK_THROWS(static_cast<void>(edge.connect()));
    CHECK(edge.wait_exit() == 0);
}

TEST_CASE("SIGTERM with a client that never ends: cut when the drain is over") {
    edge_process edge(variables{{"ND_DRAIN", "1"}});
    const auto key = edge.known_key();
    auto stuck = edge.connect();
    const auto text = good_request(key.key).text();
    stuck.send(text.substr(0, text.size() - 5));
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    const auto begun = std::chrono::steady_clock::now();
    edge.signal(SIGTERM);
    CHECK(edge.wait_exit() == 0);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(6));
}

TEST_CASE("a full queue is 503 busy with Retry-After, and the limit's place is given back") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = edge.known_key();
    kafka.slow(700);
    auto client = edge.connect();
    client.send(good_request(key.key, 1000).text());
    http_answer busy;
    // 45 times 900 KB at once: the queue takes 32 MiB of the whole process.
    auto large = good_request(key.key);
    std::string events;
    for (int i = 0; i < 30; ++i)
        events += (i == 0 ? "" : ",") +
                  event(",\"properties\":{\"a\":\"" + std::string(30'000, 'x') + "\"}");
    large.body = batch(events);
    std::vector<raw_client> all;
    for (int i = 0; i < 45; ++i) {
        all.push_back(edge.connect());
        all.back().send(large.text());
    }
    int accepted = 0;
    int refused = 0;
    for (auto& one : all) {
        const auto got = one.read_answer(false, std::chrono::seconds(40));
        if (got.status == 202) ++accepted;
        if (got.status != 503) continue;
        ++refused;
        if (member(got, "code") == "busy") busy = got;
    }
    CHECK(accepted > 0);
    CHECK(accepted + refused == 45);
    REQUIRE(busy.status == 503);
    CHECK(std::stoi(busy.headers.at("retry-after")) >= 1);
    kafka.slow(0);
    CHECK(client.read_answer().status == 202);
    // One admission before these, 45 in them, 1 of the known key: what was refused is free again.
    const auto got = edge.ask(good_request(key.key));
    CHECK(got.headers.at("ratelimit").find("r=" + std::to_string(6000 - 3 - accepted) + ";") !=
          std::string::npos);
}

TEST_CASE(
    "a refusal for good is 500 without Retry-After, not ready and an alarm, until something is "
    "stored again") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = edge.known_key();
    kafka.fail_next_produce(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
    const auto got = edge.ask(good_request(key.key, 1));
    CHECK(got.status == 500);
    CHECK(member(got, "code") == "publish_refused");
    CHECK(got.headers.count("retry-after") == 0);
    CHECK(edge.admin("/readyz").status == 503);
    CHECK(edge.admin("/metrics").body.find("nd_ingest_publish_refused 1") != std::string::npos);
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return edge.ask(good_request(key.key, 1)).status == 202; }));
    CHECK(edge.admin("/readyz").status == 200);
}

TEST_CASE(
    "Kafka away: 503 when the delivery times out, not ready after ten seconds, all well again "
    "after it") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = edge.known_key();
    CHECK(edge.ask(good_request(key.key)).status == 202);
    kafka.down(true);
    const auto begun = std::chrono::steady_clock::now();
    auto got = edge.ask(good_request(key.key));
    CHECK(got.status == 503);
    CHECK(member(got, "code") == "unavailable");
    CHECK(std::stoi(got.headers.at("retry-after")) >= 1);
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(14));
    CHECK(
        eventually(std::chrono::seconds(10), [&] { return edge.admin("/readyz").status == 503; }));
    kafka.down(false);
    CHECK(
        eventually(std::chrono::seconds(20), [&] { return edge.admin("/readyz").status == 200; }));
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return edge.ask(good_request(key.key)).status == 202; }));
}

TEST_CASE("a producer that Kafka has lost for good ends the process with 1") {
    mock_cluster kafka;
    edge_process edge(variables{{"ND_KAFKA", kafka.bootstrap()}});
    const auto key = edge.known_key();
    CHECK(edge.ask(good_request(key.key)).status == 202);
    // Said of the first record in flight, this leaves an idempotent producer no way to go on.
    kafka.fail_next_produce(RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER);
    CHECK(edge.ask(good_request(key.key)).status == 503);
    CHECK(edge.wait_exit() == 1);
    CHECK(edge.log().find("the Kafka producer is lost") != std::string::npos);
}
