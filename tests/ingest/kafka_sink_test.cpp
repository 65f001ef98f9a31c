#include "tests/ingest/mock_kafka.hpp"

#include <doctest/doctest.h>

#include <list>

using nd::base::errc;
using nd::tests::mock_kafka;

TEST_CASE("a request is done when its last event is acknowledged, not before") {
    mock_kafka kafka;
    rd_kafka_mock_broker_set_rtt(kafka.cluster, -1, 300);
    mock_kafka::flight one;
    const auto begun = std::chrono::steady_clock::now();
    kafka.publish(one, 100);
    REQUIRE(kafka.finish(one));
    CHECK(one.outcome->has_value());
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(300));
    CHECK(kafka.producer->outstanding() == 0);
    CHECK(kafka.budget.used() == 0);
}

TEST_CASE("many requests at once are all answered, each once") {
    mock_kafka kafka;
    std::list<mock_kafka::flight> flights;
    for (int i = 0; i < 200; ++i)
        kafka.publish(flights.emplace_back(), 1 + i % 7);
    for (auto& one : flights) {
        REQUIRE(kafka.finish(one));
        CHECK(one.outcome->has_value());
    }
    CHECK(kafka.budget.used() == 0);
}

TEST_CASE("an error that passes is retried by the producer and nobody sees it") {
    mock_kafka kafka;
    kafka.push_produce_errors({RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                               RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                               RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT});
    mock_kafka::flight one;
    kafka.publish(one, 10);
    REQUIRE(kafka.finish(one));
    CHECK(one.outcome->has_value());
}

TEST_CASE("brokers that are away make it unavailable when the delivery times out") {
    mock_kafka kafka(mock_kafka::overrides{{"message.timeout.ms", "1500"}});
    mock_kafka::flight warm;
    kafka.publish(warm, 1);
    REQUIRE(kafka.finish(warm));
    for (int broker = 1; broker <= 3; ++broker)
        rd_kafka_mock_broker_set_down(kafka.cluster, broker);
    mock_kafka::flight one;
    kafka.publish(one, 10);
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::unavailable);
    CHECK_FALSE(kafka.refusing());
    for (int broker = 1; broker <= 3; ++broker)
        rd_kafka_mock_broker_set_up(kafka.cluster, broker);
    // How soon it connects again is librdkafka's affair: up to ten seconds.
    std::list<mock_kafka::flight> again;
    const auto begun = std::chrono::steady_clock::now();
    do {
        kafka.publish(again.emplace_back(), 10);
        REQUIRE(kafka.finish(again.back()));
    } while (again.back().outcome->has_error() &&
             std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));
    CHECK(again.back().outcome->has_value());
}

TEST_CASE("events go around the partitions that have no leader") {
    mock_kafka kafka(mock_kafka::overrides{{"message.timeout.ms", "3000"}});
    const nd::schema::record_key key(nd::schema::tenant_id{});
    const auto by_key = rd_kafka_msg_partitioner_murmur2_random(
        nullptr, key.text().data(), key.text().size(), 4, nullptr, nullptr);
    for (const int partition : {by_key, (by_key + 2) % 4})
        rd_kafka_mock_partition_set_leader(kafka.cluster, nd::schema::events_topic, partition, -1);
    // The producer may have seen the leaders that were there before, and hears of it in each of the
    // four partitions.
    for (int i = 0; i < 24; ++i) {
        mock_kafka::flight one;
        kafka.publish(one, 3);
        REQUIRE(kafka.finish(one));
        if (i >= 8) CHECK(one.outcome->has_value());
    }
}

TEST_CASE(
    "a broker that says no for good makes it refused, and not ready until something is stored "
    "again") {
    mock_kafka kafka;
    kafka.push_produce_errors({RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED});
    mock_kafka::flight one;
    kafka.publish(one, 1);
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::refused);
    CHECK(kafka.refusing());
    // Not for ever: an edge out of rotation gets no request that could be stored.
    CHECK_FALSE(kafka.refusing(std::chrono::seconds(16)));
    CHECK(kafka.numbers.text().find("nd_ingest_publish_refused 1") != std::string::npos);
    // The producer holds the topic for gone until its metadata say otherwise: refused at once,
    // which must not crash either.
    std::list<mock_kafka::flight> tries;
    do {
        kafka.publish(tries.emplace_back(), 1);
        REQUIRE(kafka.finish(tries.back()));
        if (tries.back().outcome->has_error())
            CHECK(tries.back().outcome->error().code == errc::refused);
    } while (tries.back().outcome->has_error() && tries.size() < 100'000);
    CHECK(tries.back().outcome->has_value());
    CHECK_FALSE(kafka.refusing());
    CHECK(kafka.numbers.text().find("nd_ingest_publish_refused 0") != std::string::npos);
}

TEST_CASE("a full queue is busy at once, and what was queued of that request is still delivered") {
    mock_kafka kafka(mock_kafka::overrides{{"queue.buffering.max.messages", "50"}});
    rd_kafka_mock_broker_set_rtt(kafka.cluster, -1, 500);
    mock_kafka::flight one;
    kafka.publish(one, 80);
    REQUIRE(
        kafka.run_until([&] { return one.outcome.has_value(); }, std::chrono::milliseconds(250)));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::busy);
    // The request is abandoned, its bytes are not: librdkafka still reads them.
    CHECK(kafka.producer->outstanding() == 50);
    CHECK(kafka.budget.used() > 0);
    REQUIRE(kafka.run_until([&] { return kafka.producer->outstanding() == 0; }));
    CHECK(kafka.run_until([&] { return kafka.budget.used() == 0; }));
    mock_kafka::flight again;
    kafka.publish(again, 50);
    REQUIRE(kafka.finish(again));
    CHECK(again.outcome->has_value());
}

TEST_CASE("the queue is bounded in bytes too") {
    mock_kafka kafka({}, 1 << 20);
    rd_kafka_mock_broker_set_rtt(kafka.cluster, -1, 300);
    mock_kafka::flight one;
    kafka.publish(one, 100, 30'000);
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::busy);
    CHECK(kafka.producer->outstanding() == 0);  // nothing of it was queued
    mock_kafka::flight smaller;
    kafka.publish(smaller, 30, 30'000);
    mock_kafka::flight beside;
    kafka.publish(beside, 30, 30'000);
    REQUIRE(kafka.finish(smaller));
    CHECK(smaller.outcome->has_value());
    REQUIRE(kafka.finish(beside));
    CHECK(beside.outcome->has_error());
    CHECK(kafka.run_until([&] { return kafka.queue.used() == 0; }));
}

TEST_CASE("a fatal error is told once, and requests get an error instead of waiting for ever") {
    mock_kafka kafka;
    mock_kafka::flight warm;
    kafka.publish(warm, 1);
    REQUIRE(kafka.finish(warm));
    rd_kafka_test_fatal_error(kafka.producer->handle(),
                              RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "for the test");
    REQUIRE(kafka.run_until([&] { return !kafka.fatal.empty(); }));
    CHECK(kafka.fatal.find("for the test") != std::string::npos);
    mock_kafka::flight one;
    kafka.publish(one, 3);
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::unavailable);
}

TEST_CASE("nothing is published before the topics are known to be safe") {
    mock_kafka kafka;
    nd::ingest::kafka_health unknown(kafka.numbers);
    kafka.sink.emplace(*kafka.producer, unknown, kafka.queue);
    mock_kafka::flight one;
    kafka.publish(one, 3);
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::unavailable);
    CHECK(kafka.producer->outstanding() == 0);
}

TEST_CASE("at the end of the process everything that is under way gets its report") {
    mock_kafka kafka;
    rd_kafka_mock_broker_set_rtt(kafka.cluster, -1, 5000);
    mock_kafka::flight one;
    kafka.publish(one, 10);
    REQUIRE_FALSE(
        kafka.run_until([&] { return one.outcome.has_value(); }, std::chrono::milliseconds(100)));
    kafka.producer->purge();
    REQUIRE(kafka.finish(one));
    REQUIRE(one.outcome->has_error());
    CHECK(one.outcome->error().code == errc::unavailable);
    CHECK(kafka.budget.used() == 0);
}

TEST_CASE("a broker is unreachable after ten silent seconds and not before") {
    nd::base::metrics numbers;
    nd::ingest::kafka_health health(numbers);
    const auto now = nd::ingest::kafka_health::clock::now();
    health.answered(now);
    CHECK_FALSE(health.unreachable(now + std::chrono::seconds(10)));
    CHECK(health.unreachable(now + std::chrono::milliseconds(10'001)));
    health.answered(now + std::chrono::seconds(30));
    CHECK_FALSE(health.unreachable(now + std::chrono::seconds(31)));
}
