// The recorded sessions of real web applications (tests/record) as templates of events, and their
// page structures. Read once at the start of a run.
#pragma once

#include "base/result.hpp"
#include "bench/event_template.hpp"

#include <boost/json/object.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace nd::bench {

// `path`: events.ndjson.gz. errc::unavailable when it cannot be read, errc::invalid when a line is
// no event; both name the file.
[[nodiscard]] base::result<std::vector<event_template>> read_recording(const std::string& path);

// The pages beside those events (pages.ndjson.gz) that have so many elements or more, each cut to
// exactly as many: parents stand before their children, so it stays a tree. Errors as above.
[[nodiscard]] base::result<std::vector<boost::json::object>> read_page_recording(
    const std::string& events_path, std::size_t elements);

}  // namespace nd::bench
