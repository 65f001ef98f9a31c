// What a replay was asked to do, as its job keeps it in Postgres. Made by `ndctl replay`, read
// again by `replay resume` and `list`. Pure.
#pragma once

#include "ops/job.hpp"
#include "ops/record_range.hpp"

#include <string>

namespace nd::ops {

struct replay_spec {
    record_range range;
    std::string tenant;  // empty: all
    std::string name;    // empty: every event
    bool staging = false;
    bool force = false;     // also what was in dropped weeks
    std::int64_t rate = 0;  // records a second, 0: as fast as it goes
};

[[nodiscard]] boost::json::object to_json(const replay_spec& spec);
[[nodiscard]] replay_spec spec_of(const boost::json::object& made);
[[nodiscard]] std::string to_text(const replay_spec& spec);

// The partitions that have something to read.
[[nodiscard]] std::vector<job_part> parts_of(const record_range& range);

}  // namespace nd::ops
