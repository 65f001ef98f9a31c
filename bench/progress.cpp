#include "bench/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace nd::bench {

progress::progress() : terminal_(::isatty(STDERR_FILENO) == 1) {}

progress::~progress() {
    if (open_) fmt::print(stderr, "\n");
}

void progress::step(const std::string& what) {
    step_ = what;
    if (open_) fmt::print(stderr, "\n");
    fmt::print(stderr, "{}{}", what, terminal_ ? "" : "\n");
    open_ = terminal_;
    std::fflush(stderr);
}

void progress::detail(const std::string& how) {
    if (!terminal_) return;
    fmt::print(stderr, "\r\x1b[K{}: {}", step_, how);
    open_ = true;
    std::fflush(stderr);
}

}  // namespace nd::bench
