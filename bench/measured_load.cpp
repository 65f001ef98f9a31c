#include "bench/measured_load.hpp"

#include <fmt/format.h>

#include <memory>
#include <vector>

namespace nd::bench {
namespace {

void add(load_outcome& sum, const load_outcome& one) {
    sum.seconds = one.seconds;
    sum.requests += one.requests;
    sum.events += one.events;
    for (const auto& [status, count] : one.refused)
        sum.refused[status] += count;
    sum.rejected += one.rejected;
    sum.unsent += one.unsent;
    sum.latency.add(one.latency);
    sum.lateness.add(one.lateness);
    sum.bytes_sent += one.bytes_sent;
    sum.bytes_received += one.bytes_received;
    if (sum.timeline.size() < one.timeline.size()) sum.timeline.resize(one.timeline.size());
    for (std::size_t i = 0; i < one.timeline.size(); ++i) {
        sum.timeline[i].events += one.timeline[i].events;
        sum.timeline[i].latency.add(one.timeline[i].latency);
    }
    if (sum.first_refusal.empty()) sum.first_refusal = one.first_refusal;
}

}  // namespace

measured_load run_loads(std::span<const load_plan> plans, const meter& watched, progress& show) {
    boost::asio::io_context io(1);
    std::vector<std::unique_ptr<load>> all;
    for (const auto& plan : plans)
        all.push_back(std::make_unique<load>(io, plan));
    const auto answered = [&all] {
        std::uint64_t sum = 0;
        for (const auto& one : all)
            sum += one->answered_events();
        return sum;
    };
    measured_load made;
    cpu_reading before, after;
    core_reading cores_before, cores_after;
    std::uint64_t events_before = 0, events_after = 0;
    const auto look = [&](bool begins) {
        (begins ? before : after) = watched.cpu();
        (begins ? cores_before : cores_after) = watched.cores();
        (begins ? events_before : events_after) = answered();
        if (!begins) made.resident_mib = watched.resident_mib();
    };
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i == 0)
            all[i]->start(look);
        else
            all[i]->start();
    }
    std::uint64_t shown = 0;
    while (!io.stopped()) {
        io.run_for(std::chrono::seconds(1));
        show.detail(fmt::format("{} events/s", answered() - shown));
        shown = answered();
    }
    for (const auto& one : all)
        add(made.load, one->outcome());
    made.cpu_us_per_event = cpu_us_per(before, after, events_after - events_before);
    made.cores = cores_between(cores_before, cores_after, made.load.seconds);
    return made;
}

}  // namespace nd::bench
