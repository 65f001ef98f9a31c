// What our topics must be (design: Kafka), and how far a cluster's own are from it. Pure: the
// broker's answers in, findings out. Called by topics and doctor; ops/kafka_admin asks the broker.
#pragma once

#include "base/kafka_topics.hpp"
#include "ops/finding.hpp"

#include <map>
#include <string>
#include <vector>

namespace nd::ops {

// One record of doctor's, to read the broker's clock from its append time; nothing else uses it.
inline constexpr const char* doctor_topic = "nd.doctor.v1";

inline constexpr int default_partitions = 8;

struct topic_plan {
    std::string name;
    int partitions = default_partitions;
    int replication = 3;
    std::map<std::string, std::string> config;
};

[[nodiscard]] std::vector<topic_plan> planned_topics(bool single_broker, int partitions);

// `partitions` is compared only when `exact_partitions`: more or fewer than the default is an
// operator's choice.
[[nodiscard]] findings check_topic(const topic_plan& plan, const base::topic_facts& state,
                                   bool exact_partitions);

}  // namespace nd::ops
