// topics and doctor against a real broker (ND_TEST_KAFKA). nd.pages.v1 is the topic that is broken:
// nothing uses it yet.
#include "base/kafka_conf.hpp"
#include "ops/kafka_check.hpp"
#include "ops/topic_plan.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <stdexcept>
#include <thread>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

namespace {

using config_resource =
    base::kafka_owner<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using delete_topic = base::kafka_owner<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;

std::string bootstrap() {
    const char* value = std::getenv("ND_TEST_KAFKA");
    if (value == nullptr) throw std::runtime_error("ND_TEST_KAFKA is not set: run ./dev test");
    return value;
}

struct broker {
    ops::settings settings;
    base::kafka_handle client;

    broker() {
        settings.kafka = bootstrap();
        settings.single_broker = true;
        client = base::common_kafka_conf({settings.kafka, "", true}, "tests")
                     .value()
                     .make(RD_KAFKA_PRODUCER)
                     .value();
    }
    ops::command_line::outcome topics(std::vector<std::string> more) const {
        more.insert(more.begin(), "topics");
        more.insert(more.end(), {"--kafka", settings.kafka});
        return ops::run_ndctl(more);
    }
    void await(const base::kafka_queue& answers) const {
        const base::kafka_event event(rd_kafka_queue_poll(answers.get(), 20'000));
        if (!event || rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR) {
            throw std::runtime_error("the broker refused the test's change");
        }
    }
    // The whole configuration of a topic: what is not said goes back to the broker's default.
    void set_config(const ops::topic_plan& plan) const {
        const config_resource resource(
            rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, plan.name.c_str()));
        for (const auto& [name, value] : plan.config) {
            rd_kafka_ConfigResource_set_config(resource.get(), name.c_str(), value.c_str());
        }
        std::array list{resource.get()};
        const base::kafka_queue answers(rd_kafka_queue_new(client.get()));
        rd_kafka_AlterConfigs(client.get(), list.data(), list.size(), nullptr, answers.get());
        await(answers);
    }
    void remove(const char* topic) const {
        const delete_topic wanted(rd_kafka_DeleteTopic_new(topic));
        std::array list{wanted.get()};
        const base::kafka_queue answers(rd_kafka_queue_new(client.get()));
        rd_kafka_DeleteTopics(client.get(), list.data(), list.size(), nullptr, answers.get());
        await(answers);
    }
    // A change takes a moment to reach what the broker answers.
    std::string codes_when(const std::string& expected) const {
        std::string seen;
        for (int i = 0; i < 40; ++i) {
            seen = codes_of(ops::check_kafka(settings));
            if (seen == expected) break;
            std::this_thread::sleep_for(std::chrono::milliseconds(250));
        }
        return seen;
    }
};

}  // namespace

TEST_CASE("topics makes what is missing, once, and check finds nothing to say about it") {
    const broker kafka;
    CHECK(kafka.topics({"--single-broker"}).status == exit_status::fine);
    const auto again = kafka.topics({"--single-broker", "--json"});
    CHECK(again.status == exit_status::fine);
    CHECK(again.out.find("\"state\":\"created\"") == std::string::npos);
    CHECK(kafka.topics({"--single-broker", "--check"}).status == exit_status::fine);
    CHECK(kafka.codes_when("") == "");
}

TEST_CASE("one replica is a finding until --single-broker accepts it") {
    const broker kafka;
    CHECK(kafka.topics({"--single-broker"}).status == exit_status::fine);
    ::unsetenv("ND_SINGLE_BROKER");
    const auto refused = kafka.topics({"--check"});
    CHECK(refused.status == exit_status::finding);
    CHECK(refused.out.find("topic_replication") != std::string::npos);
    CHECK(refused.out.find("--single-broker") != std::string::npos);
}

TEST_CASE(
    "each setting of a topic that is changed is found by its own code, and is gone when mended") {
    const broker kafka;
    REQUIRE(kafka.topics({"--single-broker"}).status == exit_status::fine);
    const auto pages = ops::planned_topics(true, ops::default_partitions)[1];
    const std::pair<std::pair<const char*, const char*>, const char*> table[] = {
        {{"message.timestamp.type", "CreateTime"}, "topic_timestamp_type"},
        {{"max.message.bytes", "1000000"}, "topic_message_size"},
        {{"retention.ms", "3600000"}, "topic_retention"},
        {{"retention.bytes", "1000000000"}, "topic_retention_bytes"},
        {{"cleanup.policy", "compact"}, "topic_cleanup"},
        {{"unclean.leader.election.enable", "true"}, "topic_unclean_election"},
    };
    for (const auto& [setting, code] : table) {
        CAPTURE(setting.first);
        auto broken = pages;
        broken.config[setting.first] = setting.second;
        kafka.set_config(broken);
        CHECK(kafka.codes_when(code) == code);
    }
    kafka.set_config(pages);
    CHECK(kafka.codes_when("") == "");
}

TEST_CASE("a missing topic is found, and without its own topic doctor does not guess the clock") {
    const broker kafka;
    REQUIRE(kafka.topics({"--single-broker"}).status == exit_status::fine);
    kafka.remove(ops::doctor_topic);
    CHECK(kafka.codes_when("topic_missing") == "topic_missing");
    const auto checks = ops::check_kafka(kafka.settings);
    CHECK(checks.back().skipped);
    CHECK(kafka.topics({"--single-broker"}).status == exit_status::fine);
    CHECK(kafka.codes_when("") == "");
}

TEST_CASE("another number of partitions is a finding only when one was asked for") {
    const broker kafka;
    REQUIRE(kafka.topics({"--single-broker"}).status == exit_status::fine);
    const auto asked = kafka.topics({"--single-broker", "--check", "--partitions", "9"});
    CHECK(asked.status == exit_status::finding);
    CHECK(asked.out.find("topic_partitions") != std::string::npos);
    CHECK(asked.out.find("nd.doctor.v1: has") == std::string::npos);
}

TEST_CASE("a Kafka that is not there exits 3") {
    ops::settings from;
    from.kafka = "127.0.0.1:1";
    const auto checks = ops::check_kafka(from);
    CHECK(codes_of(checks) == "kafka_unreachable");
    CHECK(ops::tell_checks(checks).status == exit_status::unreachable);
}

TEST_CASE(
    "doctor over the whole of a sound system has nothing to do, with one password wrong it exits "
    "3") {
    const broker kafka;
    REQUIRE(kafka.topics({"--single-broker"}).status == exit_status::fine);
    ops_database db;
    auto admin = db.database.admin();
    must(admin, "drop schema nd cascade; create schema nd authorization nd_owner");
    db.must_run({"migrate"});
    db.must_run({"partitions"});
    db.settings.kafka = kafka.settings.kafka;
    const auto sound = db.run({"doctor", "--single-broker"});
    CAPTURE(sound.out);
    CHECK(sound.status == exit_status::fine);
    CHECK(sound.out.find("Nothing to do.") != std::string::npos);
    db.settings.writer_url += " password='wrong'";
    const auto sick = db.run({"doctor", "--single-broker", "--json"});
    CHECK(sick.status == exit_status::unreachable);
    CHECK(sick.out.find("postgres_unreachable") != std::string::npos);
    CHECK(sick.out.find("wrong'") == std::string::npos);
}
