#include "bench/process_cpu.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace nd::bench {

// schedstat counts in nanoseconds; /proc/PID/stat only in ticks of 10 ms.
std::chrono::nanoseconds process_cpu(pid_t pid) {
    long long sum = 0;
    const auto folder = fmt::format("/proc/{}/task", pid);
    if (!std::filesystem::exists(folder))
        throw std::runtime_error(fmt::format("no process {}", pid));
    for (const auto& task : std::filesystem::directory_iterator(folder)) {
        std::ifstream file(task.path() / "schedstat");
        long long on_cpu = 0;
        if (file >> on_cpu) sum += on_cpu;
    }
    return std::chrono::nanoseconds(sum);
}

}  // namespace nd::bench
