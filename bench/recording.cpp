#include "bench/recording.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <array>
#include <memory>

namespace nd::bench {

base::result<std::vector<event_template>> read_recording(const std::string& path) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
    if (!file) {
        return base::failure(
            base::errc::unavailable,
            fmt::format("cannot read the recording {}: give its place with --recording", path));
    }
    std::vector<event_template> events;
    std::array<char, 65536> line{};
    while (gzgets(file.get(), line.data(), static_cast<int>(line.size())) != nullptr) {
        std::string_view text(line.data());
        if (text.ends_with('\n')) text.remove_suffix(1);
        auto event = event_template::from(text);
        if (!event) {
            return base::failure(base::errc::invalid,
                                 fmt::format("line {} of {} is no event", events.size() + 1, path));
        }
        events.push_back(std::move(*event));
    }
    if (events.empty())
        return base::failure(base::errc::invalid, fmt::format("{} holds no event", path));
    return events;
}

}  // namespace nd::bench
