// What a replay has to say: the job's numbers with the digests of both sides, a dry run's table by
// tenant and hour, the list of jobs. Pure; called by the replay command.
#pragma once

#include "ops/replay_run.hpp"
#include "ops/report.hpp"

namespace nd::ops {

// A finding when the sides differ: records were read that have no row.
[[nodiscard]] report tell_replay(const job& done, const replay_result& result);
[[nodiscard]] report tell_dry_run(const replay_spec& spec, const replay_result& result);
[[nodiscard]] report tell_jobs(const std::vector<job>& jobs);

}  // namespace nd::ops
