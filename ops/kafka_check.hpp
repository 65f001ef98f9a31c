// doctor's look at Kafka: a broker answers, the topics are as planned, its clock is ours. Codes:
// kafka_unreachable, those of topic_plan, clock_kafka.
#pragma once

#include "ops/check.hpp"
#include "ops/settings.hpp"

#include <vector>

namespace nd::ops {

// kafka, topics, and Kafka's clock.
[[nodiscard]] std::vector<check> check_kafka(const settings& from);

}  // namespace nd::ops
