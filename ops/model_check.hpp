// What stands between page structures and the model: a key, a halt, parked jobs, budgets. Called by
// doctor.
#pragma once

#include "ops/check.hpp"
#include "ops/settings.hpp"

namespace nd::ops {

[[nodiscard]] check check_model(const settings& from);

}  // namespace nd::ops
