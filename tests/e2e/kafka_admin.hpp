// What an operator could do to a system's Kafka by hand. Used by the e2e tests that need a group, a
// topic or records gone, or a topic larger.
#pragma once

#include "tests/support/stack.hpp"

#include <librdkafka/rdkafka.h>

#include <cstdint>
#include <string>

namespace nd::tests {

void delete_group(const stack& system, const std::string& group);
void delete_topic(const stack& system, const std::string& topic);
[[nodiscard]] int partitions_of(const stack& system, const std::string& topic);
// As retention does: everything before the offset is gone; by itself all that is there.
void cut_log(const stack& system, const std::string& topic, int partition,
             std::int64_t before = RD_KAFKA_OFFSET_END);
// One partition more; its number.
int grow_topic(const stack& system, const std::string& topic);

}  // namespace nd::tests
