// Now, by this machine's clock. Called by commands and edges; pure code is told the time.
#pragma once

#include "schema/instant.hpp"

#include <chrono>

namespace nd::ops {

[[nodiscard]] inline schema::instant wall_clock() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(since).count()};
}

}  // namespace nd::ops
