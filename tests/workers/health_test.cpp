#include "workers/health.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace std::chrono_literals;

TEST_CASE("ready means that events would become rows now") {
    workers::health health;
    const auto now = workers::health::clock::now();
    const auto why = [&](workers::health::clock::time_point at) {
        const auto reply = health.ready(at);
        return reply.status == 200 ? std::string("ready") : reply.body;
    };
    health.waiting_for("Kafka");
    CHECK(why(now).find("waiting for Kafka") != std::string::npos);
    health.running();
    CHECK(why(now).find("not in the consumer group") != std::string::npos);
    health.joined(0);  // idle beside other writers
    CHECK(why(now) == "ready");
    health.joined(3);
    CHECK(why(now) == "ready");

    health.store_failed("away", now);
    health.store_failed("still away", now + 9s);
    CHECK(why(now + 10s) == "ready");
    CHECK(why(now + 11s).find("still away") != std::string::npos);
    health.store_worked();
    CHECK(why(now + 11s) == "ready");

    health.partition_stopped(2, "deleted");
    CHECK(why(now).find("partition 2 is stopped: deleted") != std::string::npos);
    health.no_partition_stopped();
    health.parked("42501 no right");
    CHECK(why(now).find("parked: 42501 no right") != std::string::npos);
    health.unparked();
    CHECK(why(now) == "ready");
    health.left_group();
    CHECK(why(now) != "ready");
    health.joined(1);
    health.draining();
    CHECK(why(now).find("draining") != std::string::npos);
}
