#include "base/kafka_conf.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <fstream>

using namespace nd::base;

TEST_CASE("a wrong Kafka setting is refused by its name") {
    kafka_conf conf;
    CHECK(conf.set("linger.ms", "5").has_value());
    const auto wrong = conf.set("linger.mz", "5");
    REQUIRE(wrong.has_error());
    CHECK(wrong.error().detail.find("linger.mz") != std::string::npos);
}

TEST_CASE("librdkafka's codes are sorted into what the caller can do about them") {
    const std::pair<rd_kafka_resp_err_t, errc> table[] = {
        {RD_KAFKA_RESP_ERR__QUEUE_FULL, errc::busy},
        {RD_KAFKA_RESP_ERR__MSG_TIMED_OUT, errc::unavailable},
        {RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, errc::unavailable},
        {RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN, errc::unavailable},
        {RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, errc::refused},
        {RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, errc::refused},
        {RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP, errc::refused},
        {RD_KAFKA_RESP_ERR__FATAL, errc::internal},
    };
    for (const auto& [code, expected] : table) {
        CHECK_MESSAGE(to_errc(code) == expected, rd_kafka_err2name(code));
    }
}

TEST_CASE(
    "a properties file is taken line by line, and a refusal names the property but not its value") {
    const std::string path = "/tmp/nd_kafka_" + std::to_string(::getpid()) + ".properties";
    const kafka_settings settings{"127.0.0.1:1", path, true};
    std::ofstream(path) << "# managed Kafka\nsasl.username=edge\n\nsasl.password=hunter2\n";
    const auto good = common_kafka_conf(settings, "nd-test");
    REQUIRE(good.has_value());
    std::array<char, 64> value{};
    auto size = value.size();
    CHECK(rd_kafka_conf_get(good->get(), "sasl.username", value.data(), &size) == RD_KAFKA_CONF_OK);
    CHECK(std::string(value.data()) == "edge");
    std::ofstream(path) << "sasl.pasword=hunter2\n";
    const auto wrong = common_kafka_conf(settings, "nd-test");
    REQUIRE(wrong.has_error());
    CHECK(wrong.error().detail.find("line 1: property sasl.pasword") != std::string::npos);
    CHECK(wrong.error().detail.find("hunter2") == std::string::npos);
    std::remove(path.c_str());
}
