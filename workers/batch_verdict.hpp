// What a line of a batch's files, or its absence, means for the jobs of one request and for the
// ledger. Pure but for the clock that dates in headers are held against. Called by batch_clerk;
// call_verdict.hpp judges what the lines say.
#pragma once

#include "model/batch_object.hpp"
#include "model/batch_output.hpp"
#include "workers/asked_json.hpp"
#include "workers/call_verdict.hpp"

#include <string>
#include <vector>

namespace nd::workers {

// They go again. `money`: nothing where nobody has worked on them, unconfirmed where nobody knows.
[[nodiscard]] call_end not_done(const std::vector<asked_job>& jobs, const std::string& why,
                                bool by_batch, call_end::booked money = call_end::booked::nothing);
// `line`: none in either file.
[[nodiscard]] call_end judge_line(const model::batch_line* line, const model::batch_object& ended,
                                  const asked_call& asked);

}  // namespace nd::workers
