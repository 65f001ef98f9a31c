// scale: what an event costs with more front ends, more writers, more partitions and a larger
// table, and what is used up first. For sizing: see docs/sizing.md and `nd-bench sizing`.
#include "bench/bottleneck.hpp"
#include "bench/machine.hpp"
#include "bench/scale_part.hpp"
#include "bench/scenario.hpp"

#include <fmt/format.h>

#include <array>

namespace nd::bench {
namespace {

struct part {
    std::string_view name;
    void (*run)(bed& on);
};
constexpr std::array<part, 4> parts{{{"front-ends", scale_front_ends},
                                     {"writers", scale_writers},
                                     {"partitions", scale_partitions},
                                     {"table", scale_table}}};

// It removes a topic and fills a table with rows that nobody sent.
void need_own_system(const bed& on) {
    if (on.with.url.empty() && on.with.broker_pid > 0 && !on.with.admin_url.empty()) return;
    throw bench_error(exit_usage,
                      "scale removes the topic nd.events.v1 and fills nd.events, so it runs only "
                      "on a Kafka and a Postgres of its own: ./dev bench run scale");
}

void note_cores(bed& on) {
    const auto cores = usable_cores();
    if (cores > most_processes + 2) return;
    on.into.note(fmt::format(
        "{} cores for load, programs, broker and Postgres together: from the second process on "
        "they take turns, so throughput says little, and cost per event holds caches that others "
        "have emptied",
        cores));
}

}  // namespace

std::string names_of_scale_parts() {
    std::string all;
    for (const auto& one : parts)
        all += fmt::format("{}{}", all.empty() ? "" : ", ", one.name);
    return all;
}

bool is_scale_part(std::string_view name) {
    return std::ranges::find(parts, name, &part::name) != parts.end();
}

void add_cores(bed& on, const std::string& name, const std::map<std::string, double>& us_per_event,
               double events_per_s, const core_use& used) {
    auto others = used.machine;
    const auto add = [&](const std::string& what, double cores) {
        on.into.add(fmt::format("{}.{}", name, what), "cores", better::neither, cores);
    };
    for (const auto& [process, us] : us_per_event) {
        const auto cores = us * events_per_s / 1e6;
        add("cores." + process, cores);
        others -= cores;
    }
    for (const auto& [process, cores] : used.busiest_thread)
        if (us_per_event.contains(process)) add("busiest." + process, cores);
    add("cores.others", std::max(0.0, others));
}

void add_writer(bed& on, const std::string& name, const writer_cost& cost) {
    add_figures(on.into, name, cost);
    on.into.add(name + ".cpu.kafka", "us/row", better::lower, cost.kafka_us);
    // Over the whole run, as the costs are, and not at the rate of its best part.
    add_cores(
        on, name,
        {{"nd-writer", cost.writer_us}, {"postgres", cost.postgres_us}, {"kafka", cost.kafka_us}},
        cost.rows / cost.seconds, cost.cores);
    const auto& waits = cost.waits;
    for (const auto& [what, looks] :
         std::initializer_list<std::pair<const char*, std::uint64_t>>{{"running", waits.running},
                                                                      {"wal", waits.wal},
                                                                      {"disk", waits.disk},
                                                                      {"locks", waits.other},
                                                                      {"nd-writer", waits.writer}})
        on.into.add(fmt::format("{}.connection.{}", name, what), "%", better::neither,
                    100 * waits.share(looks));
}

void note_bottleneck(bed& on, const std::string& name) {
    std::vector<part_use> uses;
    const auto prefix = name + ".cores.";
    for (const auto& one : on.into.figures()) {
        if (!one.name.starts_with(prefix)) continue;
        const auto process = one.name.substr(prefix.size());
        uses.push_back({process, one.median(), on.into.median(name + ".busiest." + process)});
    }
    on.into.note(fmt::format(
        "{}: {}", name,
        bottleneck(uses, usable_cores(), on.into.median(name + ".connection.wal") / 100)));
}

void run_scale(bed& on) {
    need_own_system(on);
    note_cores(on);
    for (const auto& one : parts)
        if (on.with.parts.empty() ||
            std::ranges::find(on.with.parts, one.name) != on.with.parts.end())
            one.run(on);
}

}  // namespace nd::bench
