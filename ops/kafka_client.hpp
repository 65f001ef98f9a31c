// A Kafka consumer's handle without a group, for questions and for single partitions. Called by
// record_log and live_delay. Errors: invalid for settings, unavailable when no broker answers.
#pragma once

#include "base/kafka_conf.hpp"
#include "ops/settings.hpp"

#include <string>

namespace nd::ops {

[[nodiscard]] base::result<base::kafka_handle> open_kafka_reader(const settings& from);
[[nodiscard]] base::result<std::string> cluster_of(rd_kafka_t* client);

}  // namespace nd::ops
