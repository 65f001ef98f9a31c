#include "ops/kafka_admin.hpp"

#include <fmt/format.h>

#include <array>

namespace nd::ops {
namespace {

constexpr int wait_ms = 10'000;

using new_topic = base::kafka_owner<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using admin_options = base::kafka_owner<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

base::error kafka_failure(rd_kafka_resp_err_t code, const std::string& doing,
                          const char* said = nullptr) {
    const std::string reason = said != nullptr && *said != '\0' ? said : rd_kafka_err2str(code);
    return base::failure(base::to_errc(code), fmt::format("{}: {}", doing, reason));
}

base::result<new_topic> requested(const topic_plan& plan) {
    std::array<char, 256> reason{};
    new_topic made(rd_kafka_NewTopic_new(plan.name.c_str(), plan.partitions, plan.replication,
                                         reason.data(), reason.size()));
    if (!made)
        return base::failure(base::errc::invalid,
                             fmt::format("topic {}: {}", plan.name, reason.data()));
    for (const auto& [name, value] : plan.config) {
        const auto code = rd_kafka_NewTopic_set_config(made.get(), name.c_str(), value.c_str());
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return kafka_failure(code, plan.name + " " + name);
    }
    return made;
}

base::result<std::vector<std::string>> created(rd_kafka_event_t* event) {
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return kafka_failure(code, "creating topics", rd_kafka_event_error_string(event));
    }
    std::size_t count = 0;
    const auto* results =
        rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) {
        const auto code = rd_kafka_topic_result_error(results[i]);
        const std::string name = rd_kafka_topic_result_name(results[i]);
        if (code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS) continue;
        if (code == RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR) {
            return base::failure(
                base::errc::refused,
                fmt::format("creating {}: {} A cluster with fewer than 3 brokers needs "
                            "--single-broker (ND_SINGLE_BROKER=1), which is not safe against "
                            "losing that broker's disk.",
                            name, rd_kafka_topic_result_error_string(results[i])));
        }
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
            return kafka_failure(code, "creating " + name,
                                 rd_kafka_topic_result_error_string(results[i]));
        }
        names.push_back(name);
    }
    return names;
}

std::chrono::system_clock::time_point from_ms(std::int64_t ms) {
    return std::chrono::system_clock::time_point(std::chrono::milliseconds(ms));
}

}  // namespace

base::result<kafka_admin> kafka_admin::connect(const settings& from) {
    if (auto given = require(from, {&settings::kafka}); !given) return given.error();
    auto conf =
        base::common_kafka_conf({from.kafka, from.kafka_config, from.single_broker}, "ndctl");
    if (!conf) return conf.error();
    auto ready = conf->set_all({{"message.timeout.ms", std::to_string(wait_ms)}, {"acks", "all"}});
    if (!ready) return ready.error();
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR);  // delivery reports come as events
    auto client = conf->make(RD_KAFKA_PRODUCER);
    if (!client) return client.error();
    kafka_admin admin(std::move(*client));
    char* cluster = rd_kafka_clusterid(admin.client_.get(), wait_ms);
    if (cluster == nullptr) {
        return base::failure(
            base::errc::unavailable,
            fmt::format("no Kafka broker of {} answered within {} s: is it running, and is "
                        "ND_KAFKA right?",
                        from.kafka, wait_ms / 1000));
    }
    admin.cluster_ = cluster;
    rd_kafka_mem_free(admin.client_.get(), cluster);
    return admin;
}

base::result<std::vector<std::string>> kafka_admin::create(const std::vector<topic_plan>& plans) {
    if (plans.empty()) return std::vector<std::string>{};
    std::vector<new_topic> owned;
    std::vector<rd_kafka_NewTopic_t*> wanted;
    for (const auto& plan : plans) {
        auto topic = requested(plan);
        if (!topic) return topic.error();
        wanted.push_back(topic->get());
        owned.push_back(std::move(*topic));
    }
    const admin_options options(
        rd_kafka_AdminOptions_new(client_.get(), RD_KAFKA_ADMIN_OP_CREATETOPICS));
    std::array<char, 256> reason{};
    // The first waits on our side for the answer, the second on the controller's until the topic
    // can be used.
    rd_kafka_AdminOptions_set_request_timeout(options.get(), wait_ms, reason.data(), reason.size());
    rd_kafka_AdminOptions_set_operation_timeout(options.get(), wait_ms, reason.data(),
                                                reason.size());
    const base::kafka_queue answers(rd_kafka_queue_new(client_.get()));
    rd_kafka_CreateTopics(client_.get(), wanted.data(), wanted.size(), options.get(),
                          answers.get());
    const base::kafka_event event(rd_kafka_queue_poll(answers.get(), 2 * wait_ms));
    if (!event)
        return base::failure(base::errc::unavailable, "creating topics: Kafka did not answer");
    return created(event.get());
}

base::result<std::vector<base::topic_facts>> kafka_admin::describe(
    const std::vector<topic_plan>& plans) {
    std::vector<std::string> names;
    for (const auto& plan : plans)
        names.push_back(plan.name);
    return base::describe_topics(client_.get(), names, std::chrono::milliseconds(wait_ms));
}

base::result<clock_reading> kafka_admin::read_clock(const std::string& topic) {
    const auto before = std::chrono::system_clock::now();
    const base::kafka_topic to(rd_kafka_topic_new(client_.get(), topic.c_str(), nullptr));
    if (!to || rd_kafka_produce(to.get(), 0, 0, nullptr, 0, nullptr, 0, nullptr) != 0) {
        return kafka_failure(rd_kafka_last_error(), "writing to " + topic);
    }
    const base::kafka_queue reports(rd_kafka_queue_get_main(client_.get()));
    const base::kafka_event event(rd_kafka_queue_poll(reports.get(), 2 * wait_ms));
    const auto after = std::chrono::system_clock::now();
    const auto* message = event ? rd_kafka_event_message_next(event.get()) : nullptr;
    if (message == nullptr) {
        return base::failure(base::errc::unavailable,
                             "writing to " + topic + ": Kafka did not answer");
    }
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR)
        return kafka_failure(message->err, "writing to " + topic);
    rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
    const auto ms = rd_kafka_message_timestamp(message, &type);
    if (type != RD_KAFKA_TIMESTAMP_LOG_APPEND_TIME) {
        return base::failure(base::errc::refused,
                             topic + " does not stamp records with LogAppendTime");
    }
    return clock_reading{before, from_ms(ms), after};
}

}  // namespace nd::ops
