#include "base/stop.hpp"

#include <doctest/doctest.h>

#include <unistd.h>
#include <csignal>

using namespace nd::base;
using namespace std::chrono_literals;

TEST_CASE("signals wait as values until they are asked for") {
    const signal_watch watch;
    CHECK_FALSE(watch.wait(0ms).has_value());
    ::kill(::getpid(), SIGTERM);
    CHECK(watch.stop_pending());
    ::kill(::getpid(), SIGHUP);
    auto stops = 0;
    auto reloads = 0;
    while (const auto got = watch.wait(0ms)) {
        (*got == signal_watch::what::stop ? stops : reloads) += 1;
    }
    CHECK(stops == 1);
    CHECK(reloads == 1);
    CHECK_FALSE(watch.stop_pending());
}
