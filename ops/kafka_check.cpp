#include "ops/kafka_check.hpp"

#include "ops/kafka_admin.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::ops {
namespace {

finding unasked(const std::string& subject, const base::error& problem) {
    return {"kafka_unreachable", subject, problem.detail,
            "start Kafka, or correct ND_KAFKA and ND_KAFKA_CONFIG",
            problem.code == base::errc::unavailable};
}

check ask_topics(kafka_admin& kafka, const settings& from) {
    check seen{"topics", {}, {}, false};
    const auto plans = planned_topics(from.single_broker, default_partitions);
    const auto states = kafka.describe(plans);
    if (!states) {
        seen.found.push_back(unasked("topics", states.error()));
        return seen;
    }
    for (std::size_t i = 0; i < plans.size(); ++i)
        append(seen.found, check_topic(plans[i], (*states)[i], false));
    seen.detail = counted(plans.size(), "topic");
    return seen;
}

check ask_clock(kafka_admin& kafka, const check& topics) {
    check seen{"kafka clock", {}, {}, false};
    const auto about_it = [](const finding& f) { return f.subject == doctor_topic; };
    if (std::any_of(topics.found.begin(), topics.found.end(), about_it)) {
        return {"kafka clock", "not read: see the findings about nd.doctor.v1", {}, true};
    }
    const auto reading = kafka.read_clock(doctor_topic);
    if (!reading) {
        seen.found.push_back(unasked("kafka clock", reading.error()));
        return seen;
    }
    seen.detail =
        fmt::format("{:+.1f} s from ours", static_cast<double>(skew_of(*reading).count()) / 1000);
    seen.found = check_clock("Kafka", *reading);
    return seen;
}

}  // namespace

std::vector<check> check_kafka(const settings& from) {
    if (from.kafka.empty()) return {{"kafka", "ND_KAFKA is not set", {}, true}};
    auto kafka = kafka_admin::connect(from);
    if (!kafka) return {{"kafka", "not reached", {unasked("ND_KAFKA", kafka.error())}, false}};
    auto topics = ask_topics(*kafka, from);
    auto time = ask_clock(*kafka, topics);
    return {
        {"kafka", "cluster " + kafka->cluster(), {}, false}, std::move(topics), std::move(time)};
}

}  // namespace nd::ops
