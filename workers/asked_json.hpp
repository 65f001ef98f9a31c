// What a batch's request asked about, kept until its answer is there, maybe a day and a restart
// later: elements and jobs, to bind the answer to. Pure.
#pragma once

#include "base/result.hpp"
#include "model/asked_page.hpp"
#include "workers/call_verdict.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nd::workers {

struct asked_call {
    std::vector<model::asked_page> pages;
    std::vector<asked_job> jobs;
};

[[nodiscard]] std::string asked_to_json(const std::vector<model::asked_page>& pages,
                                        const std::vector<asked_job>& jobs);
// errc::data when it is nothing that asked_to_json() wrote.
[[nodiscard]] base::result<asked_call> read_asked(std::string_view text);

}  // namespace nd::workers
