// What an audit looks at: which records of which topics, up to which watermark, and which rows they
// are held against. Called by the audit; asks Kafka and Postgres.
//
// A range of times is about everything that arrived in it: the records of every topic that rows
// come from, and the rows by received_at, so that a row without a record is found too. A range of
// offsets is about these records only: rows do not know their offsets.
#pragma once

#include "base/pg.hpp"
#include "ops/audit_store.hpp"
#include "ops/record_range.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nd::ops {

// A partition of one of the topics; `sighting::source` is its index.
struct audit_source {
    std::string topic;
    std::int32_t partition = 0;
    std::int64_t begin = 0;   // the first record of the range
    std::int64_t end = 0;     // one after the last that was there
    std::int64_t stored = 0;  // the writer has dealt with everything before it
};

struct audit_scope {
    bool by_time = true;
    std::string cluster;
    // Of records and rows. Where no --to was said, `to` is the watermark: now, or the time of the
    // first live record that is not stored yet.
    std::optional<schema::instant> from;
    std::optional<schema::instant> to;
    std::vector<audit_source> sources;

    [[nodiscard]] bool holds(std::int64_t timestamp_ms) const {
        return (!from || timestamp_ms * 1000 >= from->us) && (!to || timestamp_ms * 1000 < to->us);
    }
    [[nodiscard]] std::int64_t records() const;
};

struct audit_words {
    range_words range;
    std::string topic;  // only with offsets
};

// Errors: record_range's and record_log's, refused when nothing of the range is stored yet, or when
// everything is asked for of a log that retention has cut.
[[nodiscard]] base::result<audit_scope> resolve_scope(const settings& from,
                                                      base::pg::connection& on,
                                                      const audit_words& words,
                                                      schema::instant now);

// What has come to the sources since: their ends move, and a topic's new partitions are added.
// Answers the pieces that are new, one for each source.
[[nodiscard]] base::result<std::vector<partition_span>> extend(const settings& from,
                                                               audit_scope& scope);

}  // namespace nd::ops
