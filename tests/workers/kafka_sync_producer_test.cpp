#include "base/kafka_sync_producer.hpp"

#include "tests/workers/mock_kafka.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

TEST_CASE("publish returns when every record is acknowledged") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka, numbered_records("t", 500));
    test_member member(kafka, "t");
    auto bounds = member.consumer->log_bounds(0, 5s);
    REQUIRE(bounds.has_value());
    CHECK(bounds->end == 500);
}

TEST_CASE("a refusal for good is refused, and the producer works again afterwards") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    auto producer = base::kafka_sync_producer::open(kafka.settings(), "test");
    REQUIRE(producer.has_value());
    kafka.refuse_produce(RD_KAFKA_RESP_ERR_INVALID_RECORD, 1);
    const auto records = numbered_records("t", 3);
    auto outcome = producer->publish(records);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == base::errc::refused);
    outcome = producer->publish(records);
    if (outcome.has_error()) FAIL(outcome.error().detail);
}

TEST_CASE("a cluster that does not answer is unavailable within the delivery time") {
    base::kafka_settings nowhere;
    nowhere.bootstrap = "127.0.0.1:1";
    auto producer = base::kafka_sync_producer::open(nowhere, "test");
    REQUIRE(producer.has_value());
    const auto started = std::chrono::steady_clock::now();
    auto outcome = producer->publish(numbered_records("t", 1));
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code == base::errc::unavailable);
    CHECK(std::chrono::steady_clock::now() - started < 25s);
}
