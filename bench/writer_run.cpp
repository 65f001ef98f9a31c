#include "bench/writer_run.hpp"

#include "bench/limit_producer.hpp"
#include "bench/scrape.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

namespace nd::bench {
namespace {

constexpr std::chrono::seconds longest_run{300};

struct batches {
    double count = 0;
    double records = 0;
    double tenants = 0;
};

batches batches_of(std::uint16_t admin_port) {
    const auto page = scrape(admin_port);
    return {sample_of(page, "nd_writer_batches_total"),
            sample_of(page, "nd_writer_batch_records_sum"),
            sample_of(page, "nd_writer_batch_tenants_sum")};
}

}  // namespace

writer_run::writer_run(bed& on) : on_(on), watch_(on), limit_(on) {
    const auto behind = watch_.in_log() - watch_.stored();
    if (behind == 0) return;
    throw bench_error(exit_usage,
                      fmt::format("nd.events.v1 holds {} records that are not stored yet: let "
                                  "nd-writer catch up, or run this with ./dev bench",
                                  behind));
}

void fill_for_writers(const bed& on, std::uint64_t rows, std::size_t tenants) {
    producer_plan plan;
    plan.bootstrap = on.with.kafka;
    plan.topic = schema::events_topic;
    plan.events = on.events;
    static std::uint64_t run = 0;
    plan.seed = (static_cast<std::uint64_t>(on.with.seed) << 8) + ++run;
    fill_topic(plan, rows,
               [&](std::uint64_t i) { return std::string_view(on.tenants[i % tenants]); });
}

writer_cost writer_run::measure(std::uint64_t rows, std::size_t tenants, int writers) {
    if (tenants > on_.tenants.size())
        throw bench_error(exit_usage, fmt::format("{} tenants are needed: --tenants", tenants));
    watch_.empty();
    fill_for_writers(on_, rows, tenants);
    auto watched = on_.common_meter({watch_.backend()});
    const auto wal = watch_.wal_bytes();
    const auto goal = watch_.in_log();
    const auto first = watch_.stored();
    const auto before = watched.cpu();  // a process that comes later has used nothing yet
    std::vector<std::unique_ptr<child>> own;
    for (int i = 1; i <= writers; ++i) {
        own.push_back(on_.start_writer(i));
        watched.add("nd-writer", own.back()->pid());
    }
    using clock = std::chrono::steady_clock;
    const auto end = clock::now() + longest_run;
    std::optional<std::pair<clock::time_point, std::int64_t>> begun;
    auto so_far = first;
    while (so_far < goal && clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        so_far = watch_.stored();
        for (const auto& one : own)
            one->must_live();
        if (!begun && so_far > first) begun.emplace(clock::now(), so_far);
        on_.show.detail(fmt::format("{} of {} stored", so_far - first, goal - first));
    }
    const std::chrono::duration<double> took =
        clock::now() - begun.value_or(std::pair{end, 0}).first;
    const auto after = watched.cpu();
    writer_cost made;
    for (const auto& one : own) {
        const auto seen = batches_of(one->number_in_log("port="));
        made.records_per_batch += seen.count > 0 ? seen.records / seen.count / writers : 0;
        made.tenants_per_batch += seen.count > 0 ? seen.tenants / seen.count / writers : 0;
    }
    own.clear();
    if (watch_.rows() != static_cast<std::int64_t>(rows))
        throw bench_error(exit_finding, fmt::format("{} events were sent and {} rows are there",
                                                    rows, watch_.rows()));
    auto known = before;
    known["nd-writer"] = {};
    const auto used = cpu_us_per(known, after, rows);
    made.writer_us = used.at("nd-writer");
    made.postgres_us = used.contains("postgres") ? used.at("postgres") : 0;
    if (begun) made.rows_per_s = static_cast<double>(goal - begun->second) / took.count();
    made.wal_bytes = static_cast<double>(watch_.wal_bytes() - wal) / static_cast<double>(rows);
    made.limit = limit_.measure(on_, rows, std::span(on_.tenants).first(tenants));
    return made;
}

void add_figures(report& into, const std::string& name, const writer_cost& cost) {
    into.add(name + ".ratio", "x", better::lower, cost.ratio());
    into.add(name + ".cpu", "us/row", better::lower, cost.us_per_row());
    into.add(name + ".cpu.nd-writer", "us/row", better::lower, cost.writer_us);
    into.add(name + ".cpu.postgres", "us/row", better::lower, cost.postgres_us);
    into.add(name + ".limit", "us/row", better::lower, cost.limit.us_per_row());
    into.add(name + ".rate", "rows/s", better::higher, cost.rows_per_s);
    into.add(name + ".limit_rate", "rows/s", better::higher, cost.limit.rows_per_s);
    into.add(name + ".records_per_batch", "records", better::higher, cost.records_per_batch);
    into.add(name + ".tenants_per_batch", "tenants", better::higher, cost.tenants_per_batch);
    into.add(name + ".wal", "B/row", better::lower, cost.wal_bytes);
}

}  // namespace nd::bench
