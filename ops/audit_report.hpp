// An audit's result for people and for scripts. Pure. Called by the command.
#pragma once

#include "ops/audit_run.hpp"
#include "ops/report.hpp"

namespace nd::ops {

// Exit status: fine when both sides are equal, a finding otherwise.
[[nodiscard]] report to_report(const audit_result& result);

}  // namespace nd::ops
