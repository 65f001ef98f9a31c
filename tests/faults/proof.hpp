// What the operator's own tools say of a calm system: `ndctl audit` of everything that was ever
// sent to it, and `ndctl replay` of that, which must change nothing. Called by the checks after
// each round, and once at the end for the summary.
#pragma once

#include "tests/faults/scene.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace nd::tests {

struct proof {
    std::string text;                  // what the tool counted, one line
    std::optional<std::string> wrong;  // why that proves nothing, or the contrary
};

// At least `accepted` events are due, each has its row, nothing is pending, and there is no other
// row: Kafka's digest is Postgres's.
[[nodiscard]] proof audit_proof(scene& on, std::size_t accepted);
// Every record of nd.events.v1 once more: 0 rows written.
[[nodiscard]] proof replay_proof(scene& on);

}  // namespace nd::tests
