// Which records of a topic a command means: said as times, as offsets, or as everything that is
// there. Called by replay, audit and dead. Pure: `now` and what the log says come in as values;
// ops/record_log.hpp asks Kafka.
//
// Times are half open, [from, to), and judged record by record (`holds`), because offsets follow
// the brokers' clocks only roughly. Offsets are half open too, and always exact.
#pragma once

#include "base/result.hpp"
#include "schema/instant.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::ops {

// As it stands on the command line (add_range in ops/range_options.hpp).
struct range_words {
    std::string from;         // RFC 3339
    std::string to;           // RFC 3339
    std::string from_offset;  // PARTITION:OFFSET,...
    std::string to_offset;    // PARTITION:OFFSET,..., the first that is not meant
};

struct partition_offset {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    bool operator==(const partition_offset&) const = default;
};
// "3:1200"; none for anything else.
[[nodiscard]] std::optional<partition_offset> parse_partition_offset(std::string_view text);

// What was asked for. Times and offsets exclude each other.
struct range_wish {
    std::optional<schema::instant> from;
    std::optional<schema::instant> to;
    std::vector<partition_offset> from_offsets;
    std::vector<partition_offset> to_offsets;
};

// Errors (invalid): not a time, not a list of offsets, both kinds at once, reversed, empty, or in
// the future.
[[nodiscard]] base::result<range_wish> parse_range(const range_words& words, schema::instant now);

// What Kafka says of one partition.
struct partition_log {
    std::int32_t partition = 0;
    std::int64_t start = 0;  // the first record that is still there
    std::int64_t end = 0;    // the last stable offset: one after the last record that can be read
    // Only where a time was asked for: the first record at or after it, `end` when there is none.
    std::optional<std::int64_t> at_from;
    std::optional<std::int64_t> after_to;
    // The time of the record at `start`; only where at_from leaves no other way to know.
    std::optional<std::int64_t> first_ms;
};

struct topic_log {
    std::string topic;
    std::string cluster;
    std::int64_t retention_ms = -1;         // -1: without a limit
    std::vector<partition_log> partitions;  // all of them, in order
};

struct partition_span {
    std::int32_t partition = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;  // not included
    [[nodiscard]] std::int64_t size() const { return end - begin; }
    bool operator==(const partition_span&) const = default;
};

struct record_range {
    std::string topic;
    std::string cluster;
    std::int32_t topic_partitions = 0;  // of the topic; `spans` may have fewer
    std::optional<schema::instant> from;
    std::optional<schema::instant> to;
    std::vector<partition_span> spans;        // what to read, the empty ones too
    std::vector<partition_offset> watermark;  // where each of them ended when it was resolved

    // Whether a record between the offsets is meant; all are when no time was said.
    [[nodiscard]] bool holds(std::int64_t timestamp_ms) const;
    // At most so many: between times, some of them are not meant.
    [[nodiscard]] std::int64_t records() const;
};

// Errors: refused when retention has cut the beginning (the detail says from when on it is there),
// invalid for offsets of a partition that the topic does not have, or beyond its end.
[[nodiscard]] base::result<record_range> bracket(const range_wish& wish, const topic_log& log,
                                                 schema::instant now);

// Before a range that was resolved earlier is read on from these offsets. Errors (refused): the
// topic has grown partitions, was made anew, or retention has cut what is left of the range.
[[nodiscard]] base::result<> check_still_there(const record_range& range,
                                               const std::vector<partition_offset>& next,
                                               const topic_log& log);

[[nodiscard]] boost::json::object to_json(const record_range& range);
// The other way; throws when it is not of that form.
[[nodiscard]] record_range range_of(const boost::json::object& made);
// "nd.events.v1 from 2026-11-24T22:00:00.000000Z to .., partition 0: 100-250, ..."
[[nodiscard]] std::string to_text(const record_range& range);

}  // namespace nd::ops
