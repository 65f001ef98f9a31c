#include "bench/machine.hpp"

#include "bench/options.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>
#include <sched.h>
#include <simdjson.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <zstd.h>
#include <boost/version.hpp>

#include <fstream>

namespace nd::bench {
namespace {

std::string line_after(const char* path, const std::string& name) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (!line.starts_with(name)) continue;
        const auto at = line.find_first_not_of(" \t:", name.size());
        return at == std::string::npos ? "" : line.substr(at);
    }
    return "unknown";
}

// The parts are enumerators, which fmt 10 does not format.
std::string simdjson_version() {
    const int major = simdjson::SIMDJSON_VERSION_MAJOR;
    const int minor = simdjson::SIMDJSON_VERSION_MINOR;
    const int revision = simdjson::SIMDJSON_VERSION_REVISION;
    return fmt::format("{}.{}.{}", major, minor, revision);
}

}  // namespace

int usable_cores() {
    cpu_set_t set;
    CPU_ZERO(&set);
    return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

std::map<std::string, std::string> machine_facts() {
    utsname system{};
    ::uname(&system);
    return {{"processor", line_after("/proc/cpuinfo", "model name")},
            {"cores", fmt::to_string(usable_cores())},
            {"memory", line_after("/proc/meminfo", "MemTotal")},
            {"kernel", system.release},
            {"compiler", "g++ " __VERSION__},
            {"boost", BOOST_LIB_VERSION},
            {"simdjson", simdjson_version()},
            {"librdkafka", rd_kafka_version_str()},
            {"zstd", ZSTD_versionString()}};
}

void need_descriptors(std::uint64_t needed) {
    rlimit bound{};
    ::getrlimit(RLIMIT_NOFILE, &bound);
    if (bound.rlim_max != RLIM_INFINITY && bound.rlim_max < needed) {
        throw bench_error(exit_usage,
                          fmt::format("{} files must be open at once and {} are allowed: run it "
                                      "under `ulimit -Hn {}`, or with fewer --connections",
                                      needed, bound.rlim_max, needed));
    }
    if (bound.rlim_cur >= needed) return;
    bound.rlim_cur = needed;
    if (::setrlimit(RLIMIT_NOFILE, &bound) != 0)
        throw bench_error(exit_usage, "the bound on open files cannot be raised");
}

void need_two_cores(bool one_core_is_fine) {
    if (one_core_is_fine || usable_cores() > 1) return;
    throw bench_error(
        exit_usage,
        "this process may use one core only, so load, server and broker take turns and latencies "
        "say nothing: give it two, or say --one-core if CPU per event is all that you want");
}

}  // namespace nd::bench
