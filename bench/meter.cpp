#include "bench/meter.hpp"

#include "bench/process_cpu.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace nd::bench {
namespace {

std::vector<pid_t> children_of(pid_t parent) {
    std::ifstream file(fmt::format("/proc/{0}/task/{0}/children", parent));
    std::vector<pid_t> found;
    for (pid_t pid = 0; file >> pid;)
        found.push_back(pid);
    return found;
}

// What ended children used; the kernel counts it in ticks.
std::chrono::nanoseconds ended_children(pid_t parent) {
    std::ifstream file(fmt::format("/proc/{}/stat", parent));
    std::string line;
    std::getline(file, line);
    std::vector<std::string> fields;
    for (std::size_t at = line.rfind(')') + 2; at < line.size();) {
        const auto end = std::min(line.find(' ', at), line.size());
        fields.push_back(line.substr(at, end - at));
        at = end + 1;
    }
    if (fields.size() < 15) throw std::runtime_error(fmt::format("no process {}", parent));
    const auto ticks = std::stoll(fields[13]) + std::stoll(fields[14]);
    return std::chrono::nanoseconds(ticks * (1'000'000'000 / ::sysconf(_SC_CLK_TCK)));
}

// A backend may end between the list and the look: what it used is the parent's by then.
std::chrono::nanoseconds cpu_or_nothing(pid_t pid) {
    try {
        return process_cpu(pid);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace

void meter::add(const std::string& name, pid_t pid) {
    static_cast<void>(process_cpu(pid));
    processes_.push_back({name, pid});
}

void meter::add_postgres(pid_t postmaster, const std::vector<pid_t>& except) {
    static_cast<void>(process_cpu(postmaster));
    postmaster_ = postmaster;
    except_ = except;
}

cpu_reading meter::cpu() const {
    cpu_reading all;
    for (const auto& one : processes_)
        all[one.name] += process_cpu(one.pid);
    if (postmaster_ == 0) return all;
    auto& postgres = all["postgres"];
    postgres = process_cpu(postmaster_) + ended_children(postmaster_);
    for (const auto pid : backends())
        postgres += cpu_or_nothing(pid);
    return all;
}

std::vector<pid_t> meter::backends() const {
    auto all = children_of(postmaster_);
    std::erase_if(all,
                  [this](pid_t pid) { return std::ranges::find(except_, pid) != except_.end(); });
    return all;
}

core_reading meter::cores() const {
    core_reading all;
    all.machine = machine_cpu();
    for (const auto& one : processes_)
        for (const auto& [thread, used] : thread_cpu(one.pid))
            all.threads[thread] = {one.name, used};
    if (postmaster_ == 0) return all;
    for (const auto pid : backends())  // a process each, of one thread
        all.threads[pid] = {"postgres", cpu_or_nothing(pid)};
    return all;
}

std::map<std::string, double> meter::resident_mib() const {
    std::map<std::string, double> all;
    for (const auto& one : processes_) {
        std::ifstream file(fmt::format("/proc/{}/status", one.pid));
        for (std::string line; std::getline(file, line);)
            if (line.starts_with("VmRSS:")) all[one.name] += std::stod(line.substr(6)) / 1024;
    }
    return all;
}

std::map<std::string, double> cpu_us_per(const cpu_reading& before, const cpu_reading& after,
                                         std::uint64_t count) {
    std::map<std::string, double> used;
    for (const auto& [name, then] : after) {
        const auto found = before.find(name);
        if (found == before.end() || count == 0) continue;
        used[name] = static_cast<double>((then - found->second).count()) / 1000.0 /
                     static_cast<double>(count);
    }
    return used;
}

double used_by(const std::map<std::string, double>& used, const char* name) {
    const auto found = used.find(name);
    return found == used.end() ? 0 : found->second;
}

core_use cores_between(const core_reading& before, const core_reading& after, double seconds) {
    core_use made;
    if (seconds <= 0) return made;
    const auto cores = [seconds](std::chrono::duration<double> used) {
        return used.count() / seconds;
    };
    for (const auto& [id, then] : after.threads) {
        const auto found = before.threads.find(id);
        const auto since =
            found == before.threads.end() ? std::chrono::nanoseconds(0) : found->second.used;
        auto& most = made.busiest_thread[then.of];
        most = std::max(most, cores(then.used - since));
    }
    made.machine = cores(after.machine - before.machine);
    return made;
}

}  // namespace nd::bench
