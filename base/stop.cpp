#include "base/stop.hpp"

#include <csignal>

namespace nd::base {
namespace {

sigset_t watched() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    return set;
}

}  // namespace

signal_watch::signal_watch() {
    const auto set = watched();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

std::optional<signal_watch::what> signal_watch::wait(std::chrono::milliseconds longest) const {
    const auto set = watched();
    timespec limit{};
    limit.tv_sec = longest.count() / 1000;
    limit.tv_nsec = (longest.count() % 1000) * 1'000'000;
    const auto got = sigtimedwait(&set, nullptr, &limit);
    if (got < 0) return std::nullopt;  // EAGAIN or EINTR: the caller comes back anyway
    return got == SIGHUP ? what::reload : what::stop;
}

bool signal_watch::stop_pending() const {
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, SIGTERM) == 1 || sigismember(&pending, SIGINT) == 1;
}

}  // namespace nd::base
