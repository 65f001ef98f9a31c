// What the edge is compared with does the edge's work: its 202 is as many records as a request has
// events, and together they are the body.
#include "bench/limit_responder.hpp"

#include "tests/ingest/topic_reader.hpp"
#include "tests/ops/kafka_topic.hpp"
#include "tests/support/http_client.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace nd::tests;
using nd::bench::limit_responder;
using nd::bench::responder_settings;

namespace {

const std::string api_key = std::string(36, 'a') + "1234";
const std::string record_key(36, 'a');

limit_responder into(const kafka_topic& topic, int events) {
    responder_settings with;
    with.kafka = topic.settings.kafka;
    with.topic = topic.name();
    with.events_per_request = events;
    return limit_responder(with);
}

}  // namespace

TEST_CASE("a limit's 202 is a request's records, in their order, under its tenant's key") {
    const kafka_topic topic(3);
    const limit_responder on = into(topic, 7);
    topic_reader reader(topic.settings.kafka, topic.name());
    http_client client("http://127.0.0.1:" + std::to_string(on.port()));
    std::string body;
    for (char c = 0; c < 100; ++c)
        body += static_cast<char>('!' + c % 90);
    REQUIRE(client.post("/v1/events", body, {{"X-ND-Key", api_key}}).status == 202);
    const auto records = reader.of_key(record_key, 8, std::chrono::seconds(2));
    REQUIRE(records.size() == 7);
    std::string together;
    for (const auto& one : records) {
        together += one.value;
        CHECK(one.partition == records[0].partition);
        REQUIRE(one.headers.size() == 2);
        CHECK(one.headers[0].first == "nd-environment");
        CHECK(one.headers[1].first == "nd-request");
    }
    CHECK(together == body);
}

TEST_CASE("what Kafka does not take is no 202 of the limit's") {
    const kafka_topic topic(3);
    const limit_responder on = into(topic, 1);
    http_client client("http://127.0.0.1:" + std::to_string(on.port()));
    const std::string large(2'000'000, 'x');
    CHECK(client.post("/v1/events", large, {{"X-ND-Key", api_key}}).status == 503);
    CHECK(client.post("/v1/events", "x", {{"X-ND-Key", api_key}}).status == 202);
}
