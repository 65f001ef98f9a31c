#include "tests/faults/timeline.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <stdexcept>

namespace nd::tests {

timeline::timeline(const std::string& path, bool aloud)
    : path_(path), aloud_(aloud), file_(std::fopen(path.c_str(), "we")) {
    if (!file_) throw std::runtime_error("cannot write " + path);
}

void timeline::add(const std::string& what) {
    const auto wall = std::chrono::system_clock::now();
    const std::scoped_lock lock(mutex_);
    const std::chrono::duration<double> since = std::chrono::steady_clock::now() - began_;
    // The wall clock is that of the programs' logs.
    const auto line = fmt::format("{:8.2f} s  {:%H:%M:%S}  {}\n", since.count(),
                                  fmt::gmtime(std::chrono::system_clock::to_time_t(wall)), what);
    std::fputs(line.c_str(), file_.get());
    std::fflush(file_.get());
    if (aloud_) std::fputs(line.c_str(), stderr);
    round_.push_back(line);
}

void timeline::begin_round() {
    const std::scoped_lock lock(mutex_);
    round_.clear();
}

std::vector<std::string> timeline::since_round() const {
    const std::scoped_lock lock(mutex_);
    return round_;
}

}  // namespace nd::tests
