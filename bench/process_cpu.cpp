#include "bench/process_cpu.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nd::bench {

// schedstat counts in nanoseconds; /proc/PID/stat only in ticks of 10 ms.
std::map<pid_t, std::chrono::nanoseconds> thread_cpu(pid_t pid) {
    std::map<pid_t, std::chrono::nanoseconds> all;
    const auto folder = fmt::format("/proc/{}/task", pid);
    if (!std::filesystem::exists(folder))
        throw std::runtime_error(fmt::format("no process {}", pid));
    for (const auto& task : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(task.path() / "schedstat");
        long long on_cpu = 0;
        if (file >> on_cpu)
            all[std::atoi(task.path().filename().c_str())] = std::chrono::nanoseconds(on_cpu);
    }
    return all;
}

std::chrono::nanoseconds machine_cpu() {
    std::ifstream file("/proc/stat");
    std::string word;
    // cpu user nice system idle iowait irq softirq ..; what a host took from us is nobody's work.
    long long user = 0, nice = 0, system = 0, idle = 0, waiting = 0, irq = 0, softirq = 0;
    file >> word >> user >> nice >> system >> idle >> waiting >> irq >> softirq;
    const auto ticks = user + nice + system + irq + softirq;
    return std::chrono::nanoseconds(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

// Not the sum of its threads': what those used that have ended (the compilers of a JVM come and go)
// is only in the process's own clock.
std::chrono::nanoseconds process_cpu(pid_t pid) {
    // The kernel has no larger ones; to the clock, 0 and what overflows are the process that asks.
    constexpr pid_t largest = 1 << 22;
    clockid_t clock{};
    timespec used{};
    if (pid <= 0 || pid > largest || ::clock_getcpuclockid(pid, &clock) != 0 ||
        ::clock_gettime(clock, &used) != 0)
        throw std::runtime_error(fmt::format("no process {}", pid));
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace nd::bench
