// What must hold when a campaign is calm again. Each check has a name and answers what is wrong.
#pragma once

#include "tests/faults/judge.hpp"
#include "tests/faults/scene.hpp"

#include <functional>
#include <optional>

namespace nd::tests {

struct calm_check {
    std::string name;
    std::function<std::optional<std::string>(scene& on, const ledger& owed)> wrong;
};
[[nodiscard]] std::vector<calm_check> calm_checks();

// Until everything that got a 202 by these tenants has its row and the writers have read to the
// end of the topic. What is still missing after `longest` is in the verdict.
[[nodiscard]] verdict wait_for_rows(scene& on, const ledger& owed,
                                    const std::vector<std::string>& tenants,
                                    std::chrono::seconds longest);

}  // namespace nd::tests
