// Until when Kafka may still hold its copy of a record that arrived at or before an instant: the
// topic's retention, and the time that its segment was filled for. Pure. Called by `ndctl erase`.
#pragma once

#include "base/kafka_topics.hpp"
#include "schema/instant.hpp"

#include <optional>

namespace nd::ops {

// nullopt: never, because the topic keeps everything (or does not say for how long).
[[nodiscard]] std::optional<schema::instant> copy_expiry(const base::topic_facts& topic,
                                                         schema::instant received);

}  // namespace nd::ops
