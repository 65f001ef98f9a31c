// CPU time that a process has used so far: steadier than throughput on a shared machine. Linux
// only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <map>

namespace nd::bench {

// User plus system time of all threads, also of those that have ended. Throws std::runtime_error
// when there is no such process.
[[nodiscard]] std::chrono::nanoseconds process_cpu(pid_t pid);
// The same by thread, only of those that are there now.
[[nodiscard]] std::map<pid_t, std::chrono::nanoseconds> thread_cpu(pid_t pid);
// Of everything that runs on the machine, since it started; in ticks of 10 ms.
[[nodiscard]] std::chrono::nanoseconds machine_cpu();

}  // namespace nd::bench
