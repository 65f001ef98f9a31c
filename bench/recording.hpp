// The recorded sessions of real web applications (tests/record) as templates of events. Read once
// at the start of a run.
#pragma once

#include "base/result.hpp"
#include "bench/event_template.hpp"

#include <string>
#include <vector>

namespace nd::bench {

// `path`: events.ndjson.gz. errc::unavailable when it cannot be read, errc::invalid when a line is
// no event; both name the file.
[[nodiscard]] base::result<std::vector<event_template>> read_recording(const std::string& path);

}  // namespace nd::bench
