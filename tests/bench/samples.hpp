// The recording as templates, for the tests of what is made of it.
#pragma once

#include "bench/recording.hpp"

#include <vector>

namespace nd::tests {

inline const std::vector<bench::event_template>& recorded_events() {
    static const auto events = bench::read_recording(ND_RECORDING).value();
    return events;
}

}  // namespace nd::tests
