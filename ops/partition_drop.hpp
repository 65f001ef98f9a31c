// ndctl partitions drop. Called by partitions, whose word it is below.
#pragma once

#include "ops/command_line.hpp"

#include <string>

namespace nd::ops {

struct drop_options {
    std::string older_than;
    bool dry_run = false;
};

// Errors: invalid for an age that is no age, or that would reach weeks which still get events;
// database's; unavailable when the locks are not had. What was dropped before stays dropped.
[[nodiscard]] base::result<report> drop_partitions(const settings& from,
                                                   const drop_options& options);
void add_partitions_drop(command_line& line);

}  // namespace nd::ops
