// From the consumer into the batch: one record, nothing, or a partition whose offset is outside of
// the log. Called by the writer's loop; holds no state.
#pragma once

#include "base/kafka_consumer.hpp"
#include "workers/batch.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace nd::workers {

struct polled {
    bool anything = false;                        // there may be more: poll again
    std::optional<std::int32_t> outside_its_log;  // this partition is no longer fetched
};

[[nodiscard]] base::result<polled> poll(base::kafka_consumer& from, std::chrono::milliseconds wait,
                                        batch& into, positions& at, schema::event_scanner& scanner);

}  // namespace nd::workers
