#include "bench/process_cpu.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <thread>

using namespace std::chrono_literals;
using namespace nd::bench;

namespace {

// Uses the processor, which sleeping would not.
void work_for(std::chrono::nanoseconds time) {
    const auto own = ::gettid();
    const auto before = thread_cpu(::getpid()).at(own);
    while (thread_cpu(::getpid()).at(own) - before < time) {
    }
}

}  // namespace

TEST_CASE("what a thread used is the process's after the thread has ended") {
    const auto before = process_cpu(::getpid());
    std::thread([] { work_for(100ms); }).join();
    CHECK(process_cpu(::getpid()) - before >= 100ms);
}

TEST_CASE("a process's time is what its threads used, as long as none has ended") {
    const auto before = process_cpu(::getpid());
    work_for(50ms);
    CHECK(process_cpu(::getpid()) - before >= 50ms);
    CHECK(process_cpu(::getpid()) - before < 5s);
}

TEST_CASE("a process that is not there is an error") {
    CHECK_THROWS_AS(static_cast<void>(process_cpu(1 << 30)), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(process_cpu(1 << 22)), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(process_cpu(0)), std::runtime_error);
    CHECK_THROWS_AS(static_cast<void>(thread_cpu(1 << 30)), std::runtime_error);
}
