// ndctl dead replay and drop: what ends a dead letter. Called by dead_command.
//
// A page of letters is published, and marked when Kafka has acknowledged all of it. Killed in
// between, the next run publishes the page again: an event's identity makes that harmless.
#pragma once

#include "ops/dead_wish.hpp"
#include "ops/report.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <string>

namespace nd::ops {

struct settle_options {
    bool dry_run = false;
    std::int64_t most_deaths = 5;  // replay leaves those that have died so often
    std::string note;              // for whoever looks at the state later
};

// Status `finding` when letters stay because they cannot or must not come back.
[[nodiscard]] base::result<report> replay_dead(const settings& from, const dead_wish& wish,
                                               const settle_options& options);
[[nodiscard]] base::result<report> drop_dead(const settings& from, const dead_wish& wish,
                                             const settle_options& options);

}  // namespace nd::ops
