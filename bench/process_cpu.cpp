#include "bench/process_cpu.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
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

std::chrono::nanoseconds process_cpu(pid_t pid) {
    std::chrono::nanoseconds sum{0};
    for (const auto& [thread, used] : thread_cpu(pid))
        sum += used;
    return sum;
}

}  // namespace nd::bench
