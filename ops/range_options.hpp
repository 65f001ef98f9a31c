// The flags with which a command names a range of a topic. Called by the commands that take one
// (replay, audit, dead), so that they all say it in the same words.
#pragma once

#include "ops/command_line.hpp"
#include "ops/record_range.hpp"

namespace nd::ops {

inline void add_range(command& to, range_words& into) {
    to.text(into.from, "--from",
            "the first moment of arrival, RFC 3339 with zone [the log's beginning]");
    to.text(into.to, "--to", "the moment after the last, RFC 3339 with zone [now]");
    to.text(into.from_offset, "--from-offset",
            "instead of times: PARTITION:OFFSET,...; partitions not named are not read");
    to.text(into.to_offset, "--to-offset",
            "PARTITION:OFFSET,..., the first offset that is not meant");
}

}  // namespace nd::ops
