// The time of day, as the contract's values hold it.
#pragma once

#include "schema/instant.hpp"

#include <chrono>

namespace nd::ingest {

[[nodiscard]] inline schema::instant wall_now() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return {std::chrono::duration_cast<std::chrono::microseconds>(now).count()};
}

}  // namespace nd::ingest
