// Which dead letters a command means. Called by ndctl dead list, show, replay and drop, which all
// name them in the same words. Pure.
#pragma once

#include "ops/dead_letter.hpp"
#include "ops/record_range.hpp"

#include <string>
#include <vector>

namespace nd::ops {

// As it stands on the command line; an empty text means all.
struct dead_words {
    std::string tenant;  // a UUID, or "none" for strays
    std::string reason;  // the code: postgres_22
    std::string state;   // open, dropped, replayed, erased or all
    std::vector<std::string> letters;
    range_words range;  // of the times of death, or of offsets of nd.dead.v1
};

struct dead_wish {
    std::string tenant;
    std::string reason;
    std::string state;
    std::vector<partition_offset> letters;
    range_wish range;

    [[nodiscard]] bool takes(const dead_letter& letter) const;
    [[nodiscard]] bool takes(const dead_mark& mark) const;
};

// Errors (invalid): a tenant that is no UUID, an unknown state, a letter that is no
// PARTITION:OFFSET, letters together with a range, and record_range's own.
[[nodiscard]] base::result<dead_wish> parse_wish(const dead_words& words, schema::instant now);

}  // namespace nd::ops
