#include "bench/recording.hpp"

#include <doctest/doctest.h>
#include <unistd.h>
#include <zlib.h>

#include <filesystem>
#include <string>

using nd::base::errc;
using nd::bench::read_recording;

namespace {

// A file that is gone with the test.
struct packed_file {
    std::string path = std::filesystem::temp_directory_path() /
                       ("nd-bench-recording." + std::to_string(::getpid()));
    explicit packed_file(const std::string& text) {
        auto* file = gzopen(path.c_str(), "wb");
        gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
        gzclose(file);
    }
    ~packed_file() { std::filesystem::remove(path); }
};

constexpr const char* event = R"({"event_id":"00000000-0000-4000-8000-000000000000",)"
                              R"("name":"x","occurred_at":"2026-11-23T23:45:21.975Z"})";

}  // namespace

TEST_CASE("a recording that is not there is named, with the option that gives its place") {
    const auto read = read_recording("/nowhere/events.ndjson.gz");
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::unavailable);
    CHECK(read.error().detail.find("/nowhere/events.ndjson.gz") != std::string::npos);
    CHECK(read.error().detail.find("--recording") != std::string::npos);
}

TEST_CASE("each line is an event, with or without a last line end") {
    const packed_file file(std::string(event) + "\n" + event);
    CHECK(read_recording(file.path).value().size() == 2);
}

TEST_CASE("a line that is no event is named by its number") {
    const packed_file file(std::string(event) + "\nnonsense\n");
    const auto read = read_recording(file.path);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::invalid);
    CHECK(read.error().detail.find("line 2 of " + file.path) != std::string::npos);
}

TEST_CASE("a recording of nothing is no recording") {
    const packed_file file("");
    const auto read = read_recording(file.path);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::invalid);
}
