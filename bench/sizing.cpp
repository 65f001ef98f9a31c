#include "bench/sizing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace nd::bench {
namespace {

constexpr std::array<double, 6> rates{1'000, 10'000, 50'000, 100'000, 250'000, 1'000'000};
constexpr double seconds_a_day = 86'400;
constexpr double gb = 1e9;

// The largest table that the report filled: "4000000"; empty when there is none.
std::string largest_table(const report& in) {
    constexpr std::string_view prefix = "scale.table.", ending = ".disk";
    std::string largest;
    for (const auto& one : in.figures()) {
        if (!one.name.starts_with(prefix) || !one.name.ends_with(ending)) continue;
        const auto rows =
            one.name.substr(prefix.size(), one.name.size() - prefix.size() - ending.size());
        if (std::atoll(rows.c_str()) > std::atoll(largest.c_str())) largest = rows;
    }
    return largest;
}

// A tenth of a core is as close as such a plan can be, and none is never enough.
std::string cores(double us_per_event, double rate, double utilisation) {
    const auto needed = us_per_event * rate / 1e6 / (utilisation / 100);
    return fmt::format("{:.1f}", std::max(0.1, std::ceil(needed * 10) / 10));
}

std::string disk(double bytes) {
    return bytes >= 1000 * gb ? fmt::format("{:.1f} TB", bytes / gb / 1000)
                              : fmt::format("{:.1f} GB", bytes / gb);
}

std::string rate_name(double rate) {
    return rate >= 1e6 ? fmt::format("{:.0f},000,000", rate / 1e6)
                       : fmt::format("{:.0f},000", rate / 1e3);
}

}  // namespace

base::result<event_cost> cost_of(const report& measured) {
    event_cost made;
    made.table = largest_table(measured);
    if (made.table.empty())
        return base::failure(base::errc::invalid,
                             "it has no filled table: run `./dev bench run scale` with all parts "
                             "and a --table-rows above 0");
    std::string missing;
    const auto read = [&](const std::string& name) {
        const auto value = measured.median(name);
        if (value <= 0) missing += (missing.empty() ? "" : ", ") + name;
        return value;
    };
    const auto table = "scale.table." + made.table;
    made.ingest_us = read("scale.front-ends.1.steady.cpu");
    made.broker_in_us = read("scale.front-ends.1.steady.cpu.kafka");
    made.kafka_bytes = read("scale.front-ends.1.steady.kafka_disk");
    made.writer_us = read(table + ".50.cpu.nd-writer");
    made.postgres_us = read(table + ".50.cpu.postgres");
    made.broker_out_us = read(table + ".50.cpu.kafka");
    made.wal_bytes = read(table + ".50.wal");
    made.row_bytes = read(table + ".disk");
    if (!missing.empty())
        return base::failure(
            base::errc::invalid,
            "it lacks " + missing + ": run `./dev bench run scale` with all parts");
    return made;
}

base::result<std::string> sizing_table(const report& measured, const sizing_assumptions& with) {
    const auto cost = cost_of(measured);
    if (!cost) return cost.error();
    const auto& c = *cost;
    // A follower fetches and writes what its leader took: counted as a leader's whole work.
    const auto brokers_us = c.broker_in_us * with.replication + c.broker_out_us;
    const auto fact = [&](const char* name) {
        const auto found = measured.facts().find(name);
        return found == measured.facts().end() ? std::string("unknown") : found->second;
    };
    auto text = fmt::format(
        "One event (commit {}, {}, {} cores): nd-ingest {:.2f} us, nd-writer {:.2f} us, Postgres "
        "{:.2f} us\n(on top of {} rows), the broker {:.2f} us to take it and {:.2f} us to hand it "
        "out; {:.0f} bytes in Kafka for each\nreplica, {:.0f} bytes in the table with its index, "
        "{:.0f} bytes of write-ahead log. Disk per million events: {:.2f} GB in\nPostgres, {:.2f} "
        "GB "
        "in Kafka with all replicas, {:.2f} GB of write-ahead log passing through.\n\n",
        fact("commit"), fact("processor"), fact("cores"), c.ingest_us, c.writer_us, c.postgres_us,
        c.table, c.broker_in_us, c.broker_out_us, c.kafka_bytes, c.row_bytes, c.wal_bytes,
        c.row_bytes * 1e6 / gb, c.kafka_bytes * with.replication * 1e6 / gb,
        c.wal_bytes * 1e6 / gb);
    text += fmt::format(
        "| events/s | nd-ingest, cores | nd-writer, cores | brokers together, cores | Postgres, "
        "cores | Kafka's disks, {:g} days x {} | Postgres's disk, a day "
        "|\n|---|---|---|---|---|---|"
        "---|\n",
        with.kafka_days, with.replication);
    for (const auto rate : rates)
        text += fmt::format(
            "| {} | {} | {} | {} | {} | {} | {} |\n", rate_name(rate),
            cores(c.ingest_us, rate, with.utilisation), cores(c.writer_us, rate, with.utilisation),
            cores(brokers_us, rate, with.utilisation), cores(c.postgres_us, rate, with.utilisation),
            disk(c.kafka_bytes * with.replication * rate * seconds_a_day * with.kafka_days),
            disk(c.row_bytes * rate * seconds_a_day));
    return text;
}

}  // namespace nd::bench
