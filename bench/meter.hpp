// CPU time and memory of the processes that take part in a run: nd-ingest, nd-writer, the broker,
// and Postgres as the sum of its postmaster and all that it started. From /proc, Linux only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace nd::bench {

// Used so far, by the name given to add().
using cpu_reading = std::map<std::string, std::chrono::nanoseconds>;

// The same of each thread, because a part can use one core at most for each that works; and of
// everything that runs.
struct core_reading {
    struct thread {
        std::string of;  // the name given to add()
        std::chrono::nanoseconds used{0};
    };
    std::map<pid_t, thread> threads;
    std::chrono::nanoseconds machine{0};
};

// Cores used between two readings.
struct core_use {
    std::map<std::string, double> busiest_thread;  // of each name, 0 to 1
    double machine = 0;
};

class meter {
  public:
    // All throw std::runtime_error when there is no such process. The same name again sums up.
    void add(const std::string& name, pid_t pid);
    // `except`: backends that are the bench's own.
    void add_postgres(pid_t postmaster, const std::vector<pid_t>& except);

    [[nodiscard]] cpu_reading cpu() const;
    [[nodiscard]] core_reading cores() const;
    // Resident memory in MiB, without Postgres (its processes share most of theirs).
    [[nodiscard]] std::map<std::string, double> resident_mib() const;

  private:
    [[nodiscard]] std::vector<pid_t> backends() const;

    struct process {
        std::string name;
        pid_t pid;
    };
    std::vector<process> processes_;
    pid_t postmaster_ = 0;
    std::vector<pid_t> except_;
};

// Used between two readings, in microseconds for each of `count`; a name that is only in one of
// them is left out.
[[nodiscard]] std::map<std::string, double> cpu_us_per(const cpu_reading& before,
                                                       const cpu_reading& after,
                                                       std::uint64_t count);
// Of that, what one of them used; 0 when it is left out.
[[nodiscard]] double used_by(const std::map<std::string, double>& used, const char* name);

[[nodiscard]] core_use cores_between(const core_reading& before, const core_reading& after,
                                     double seconds);

}  // namespace nd::bench
