#include "bench/recording.hpp"

#include <fmt/format.h>
#include <zlib.h>
#include <boost/json/parse.hpp>

#include <array>
#include <filesystem>
#include <memory>

namespace nd::bench {
namespace {

// Calls `each(line)` until it says false; then that line is not what it should be.
template <class Each>
base::result<> read_lines(const std::string& path, std::string_view what, Each&& each) {
    const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), &gzclose);
    if (!file) {
        return base::failure(
            base::errc::unavailable,
            fmt::format("cannot read the recording {}: give its place with --recording", path));
    }
    std::array<char, 65536> line{};
    std::size_t number = 0;
    while (gzgets(file.get(), line.data(), static_cast<int>(line.size())) != nullptr) {
        std::string_view text(line.data());
        if (text.ends_with('\n')) text.remove_suffix(1);
        ++number;
        if (!each(text)) {
            return base::failure(base::errc::invalid,
                                 fmt::format("line {} of {} is no {}", number, path, what));
        }
    }
    if (number == 0)
        return base::failure(base::errc::invalid, fmt::format("{} holds no {}", path, what));
    return {};
}

}  // namespace

base::result<std::vector<event_template>> read_recording(const std::string& path) {
    std::vector<event_template> events;
    const auto read = read_lines(path, "event", [&](std::string_view line) {
        auto event = event_template::from(line);
        if (event) events.push_back(std::move(*event));
        return event.has_value();
    });
    if (!read) return read.error();
    return events;
}

base::result<std::vector<boost::json::object>> read_page_recording(const std::string& events_path,
                                                                   std::size_t elements) {
    const auto path = std::filesystem::path(events_path).replace_filename("pages.ndjson.gz");
    std::vector<boost::json::object> pages;
    const auto read = read_lines(path, "page", [&](std::string_view line) {
        boost::system::error_code ec;
        auto page = boost::json::parse({line.data(), line.size()}, ec);
        auto* members = ec ? nullptr : page.if_object();
        auto* listed = members == nullptr ? nullptr : members->if_contains("elements");
        auto* list = listed == nullptr ? nullptr : listed->if_array();
        if (list == nullptr) return false;
        if (list->size() < elements) return true;
        list->resize(elements);
        pages.push_back(std::move(*members));
        return true;
    });
    if (!read) return read.error();
    if (pages.empty()) {
        return base::failure(base::errc::invalid,
                             fmt::format("no page in {} has {} elements", path.string(), elements));
    }
    return pages;
}

}  // namespace nd::bench
