// What the bare edge says it has put into Kafka is there, byte by byte: it is what the best peers'
// figures are carried over with, so it must do their work.
#include "bench/bare_edge.hpp"

#include "tests/ingest/topic_reader.hpp"
#include "tests/ops/kafka_topic.hpp"
#include "tests/support/http_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace nd::tests;
using nd::bench::bare_edge;

namespace {

std::vector<std::string> sorted_values(const std::vector<read_back>& records) {
    std::vector<std::string> values;
    values.reserve(records.size());
    for (const auto& one : records)
        values.push_back(one.value);
    std::ranges::sort(values);
    return values;
}

}  // namespace

TEST_CASE("a bare edge's 202 is one record for each event, its bytes as they came, without a key") {
    const kafka_topic topic(3);
    const bare_edge on(topic.settings.kafka, topic.name());
    topic_reader reader(topic.settings.kafka, topic.name());
    http_client client("http://127.0.0.1:" + std::to_string(on.port()));
    const std::string odd = "{ \"name\" :\t\"a\\u00e9\" , \"n\":1.50e+01 }";

    const auto two = client.post("/v1/events", R"({"events" : [ )" + odd + R"( ,{"b":[]}]})", {});
    CHECK(two.status == 202);
    CHECK(two.body == R"({"accepted":2})");
    CHECK(client.post("/v1/events", R"({"events":[{"c":3}]})", {}).status == 202);
    CHECK(sorted_values(reader.of_key("", 3)) ==
          std::vector<std::string>{odd, R"({"b":[]})", R"({"c":3})"});

    SUBCASE("what is no JSON with events is refused and is no record") {
        for (const auto* bad : {"", "[", "[]", R"({"event":[]})", R"({"events":7})"}) {
            CAPTURE(bad);
            CHECK(client.post("/v1/events", bad, {}).status == 400);
        }
        CHECK(reader.of_key("", 1, std::chrono::milliseconds(300)).empty());
    }
    SUBCASE("what Kafka does not take is not accepted") {
        const std::string large(2'000'000, 'x');
        CHECK(client.post("/v1/events", R"({"events":[{"x":")" + large + R"("}]})", {}).status ==
              503);
        CHECK(reader.of_key("", 1, std::chrono::milliseconds(300)).empty());
    }
}
