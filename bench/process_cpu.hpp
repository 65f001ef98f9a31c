// CPU time that a process has used so far, from /proc: steadier than throughput on a shared
// machine. Linux only.
#pragma once

#include <sys/types.h>

#include <chrono>

namespace nd::bench {

// User plus system time of all threads. Throws std::runtime_error when there is no such process.
[[nodiscard]] std::chrono::nanoseconds process_cpu(pid_t pid);

}  // namespace nd::bench
