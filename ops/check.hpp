// One area that doctor looked at, and the whole of what it says in both forms. Pure. Made by the
// *_check files, put together by doctor.
#pragma once

#include "ops/finding.hpp"
#include "ops/report.hpp"

#include <string>
#include <vector>

namespace nd::ops {

struct check {
    std::string name;    // postgres
    std::string detail;  // what was seen: the first thing to read when all is well
    findings found;
    bool skipped = false;  // not configured here; `detail` says so
};

// Exit status: unreachable when something could not be asked, finding when something is wrong.
[[nodiscard]] report tell_checks(const std::vector<check>& checks);

// The same fault seen through several URLs is one finding.
void drop_repeated(findings& found);

}  // namespace nd::ops
