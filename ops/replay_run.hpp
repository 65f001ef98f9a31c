// A replay at work: lanes for its partitions, the watch over the live writer, the beat of the job,
// the progress line. Called by the replay command. When it ends with an error, the job stays as far
// as it came and can be resumed.
#pragma once

#include "ops/replay_lane.hpp"

namespace nd::ops {

struct replay_result {
    job_counts counts;  // of a dry run; else the job's own in Postgres count
    hour_table hours;
    std::vector<dead_record> dead;
    double seconds = 0;
    double gave_way_s = 0;
};

struct replay_options {
    std::int64_t lanes = 0;  // 0: four for a processor, 4 to 8
    bool dry_run = false;
};

// `parts` as far as they are; `hold` says whose job it is (not for a dry run).
[[nodiscard]] base::result<replay_result> run_replay(const settings& from, const replay_spec& spec,
                                                     std::vector<job_part> parts,
                                                     const job_hold& hold,
                                                     const replay_options& options);

}  // namespace nd::ops
