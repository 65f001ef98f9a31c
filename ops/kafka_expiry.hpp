// When Kafka lets go of a record by itself: nobody can remove a single one before. Called by the
// commands that say what they cannot undo (dead, erase). Pure: the topic's settings come in.
#pragma once

#include "base/kafka_topics.hpp"

#include <cstdint>
#include <string>

#include <boost/json/object.hpp>

namespace nd::ops {

struct kafka_retention {
    std::int64_t keep_ms = -1;    // retention.ms; -1: for ever
    std::int64_t segment_ms = 0;  // segment.ms
    bool operator==(const kafka_retention&) const = default;
};

// Errors: refused when the broker did not say retention.ms.
[[nodiscard]] base::result<kafka_retention> retention_of(const base::topic_facts& topic);

// A file of the log goes as a whole, when its youngest record is old enough: a record lives from
// its retention to as long again as a file is written to. Milliseconds since 1970; -1: never.
struct kafka_expiry {
    std::int64_t earliest_ms = -1;
    std::int64_t latest_ms = -1;
};
[[nodiscard]] kafka_expiry expiry_of(std::int64_t record_ms, const kafka_retention& topic);

[[nodiscard]] boost::json::object to_json(const kafka_expiry& expiry);
// "2026-12-02T10:00:00Z at the earliest, 2026-12-09T10:00:00Z at the latest", or "for ever"
[[nodiscard]] std::string to_text(const kafka_expiry& expiry);

// 2026-12-02T10:00:00Z
[[nodiscard]] std::string utc_text(std::int64_t ms);

}  // namespace nd::ops
