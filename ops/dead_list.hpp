// ndctl dead list and show: what died, why, what became of it, and until when Kafka keeps it. They
// change nothing. Called by dead_command.
#pragma once

#include "ops/dead_wish.hpp"
#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>

namespace nd::ops {

// Counts by reason and state, and at most `most` letters one by one.
[[nodiscard]] base::result<report> list_dead(const settings& from, const dead_wish& wish,
                                             std::int64_t most);
// Each letter whole. Error not_found when one of those named is not there.
[[nodiscard]] base::result<report> show_dead(const settings& from, const dead_wish& wish);

}  // namespace nd::ops
