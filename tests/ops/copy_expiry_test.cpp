#include "ops/copy_expiry.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::ops;

namespace {

base::topic_facts topic(std::map<std::string, std::string> config) {
    return {"nd.events.v1", true, 1, 1, std::move(config)};
}

}  // namespace

TEST_CASE("Kafka's copy is gone when retention and segment have both passed") {
    const schema::instant received{1'795'000'000'000'000};
    const auto until =
        copy_expiry(topic({{"retention.ms", "604800000"}, {"segment.ms", "3600000"}}), received);
    REQUIRE(until);
    CHECK(until->us - received.us == (604'800'000ll + 3'600'000) * 1000);
}

TEST_CASE("a topic that keeps everything, or does not say, has no such time") {
    const schema::instant received{1'795'000'000'000'000};
    CHECK_FALSE(copy_expiry(topic({{"retention.ms", "-1"}, {"segment.ms", "1"}}), received));
    CHECK_FALSE(copy_expiry(topic({{"retention.ms", "9223372036854775807"}, {"segment.ms", "1"}}),
                            received));
    CHECK_FALSE(copy_expiry(topic({{"segment.ms", "1"}}), received));
    CHECK_FALSE(copy_expiry(topic({{"retention.ms", "a week"}, {"segment.ms", "1"}}), received));
}
