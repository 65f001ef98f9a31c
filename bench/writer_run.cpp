#include "bench/writer_run.hpp"

#include "bench/limit_producer.hpp"
#include "bench/writer_group.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

#include <thread>

namespace nd::bench {
namespace {

constexpr std::chrono::seconds longest_run{300};
// Writers have unequal shares of the partitions, and the last of them works alone at the end: the
// rate is taken while all have something to do, the cost over everything.
constexpr double share_for_the_rate = 0.8;
// Kafka gives a silent writer's partitions away after 10 s.
constexpr std::chrono::seconds longest_fill{6};

using clock = std::chrono::steady_clock;

double seconds_since(clock::time_point when) {
    return std::chrono::duration<double>(clock::now() - when).count();
}

}  // namespace

writer_run::writer_run(bed& on, limit_copy::into limit) : on_(on), watch_(on), limit_(on, limit) {
    watch_.refuse_backlog();
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
    watch_.empty();
    auto made = drain(rows, tenants, writers);
    if (watch_.rows() != static_cast<std::int64_t>(rows))
        throw bench_error(exit_finding, fmt::format("{} events were sent and {} rows are there",
                                                    rows, watch_.rows()));
    made.limit = limit_.measure(on_, rows, std::span(on_.tenants).first(tenants));
    return made;
}

writer_cost writer_run::measure_on_top(std::uint64_t rows, std::size_t tenants, int writers) {
    auto made = drain(rows, tenants, writers);
    made.limit = limit_.measure(on_, rows, std::span(on_.tenants).first(tenants));
    return made;
}

void writer_run::fill_in_time(std::uint64_t rows, std::size_t tenants) {
    const auto filling = clock::now();
    fill_for_writers(on_, rows, tenants);
    if (clock::now() - filling > longest_fill)
        throw bench_error(exit_usage, fmt::format("filling the topic with {} events took {:.0f} s, "
                                                  "longer than waiting writers keep their "
                                                  "partitions: fewer --events",
                                                  rows, seconds_since(filling)));
}

writer_cost writer_run::drain(std::uint64_t rows, std::size_t tenants, int writers) {
    if (tenants > on_.tenants.size())
        throw bench_error(exit_usage, fmt::format("{} tenants are needed: --tenants", tenants));
    watch_.checkpoint();
    writer_group own(on_, writers, watch_.partitions());
    own.hold();
    fill_in_time(rows, tenants);
    auto watched = on_.common_meter({watch_.backend()});
    own.add_to(watched);
    const auto wal = watch_.wal_bytes();
    const auto goal = watch_.in_log();
    const auto first = watch_.stored();
    const auto most =
        first + static_cast<std::int64_t>(static_cast<double>(goal - first) * share_for_the_rate);
    writer_cost made;
    made.rows = static_cast<double>(rows);
    const auto before = watched.cpu();
    const auto cores = watched.cores();
    const auto begun = clock::now();
    own.go();
    for (auto so_far = first; so_far < goal;) {
        if (seconds_since(begun) > longest_run.count())
            throw bench_error(exit_finding,
                              fmt::format("{} of {} events were stored within {} s", so_far - first,
                                          goal - first, longest_run.count()));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        so_far = watch_.stored();
        watch_.look_at(made.waits);
        own.must_live();
        if (so_far >= most && made.rows_per_s == 0)
            made.rows_per_s = static_cast<double>(so_far - first) / seconds_since(begun);
        on_.show.detail(fmt::format("{} of {} stored", so_far - first, goal - first));
    }
    made.seconds = seconds_since(begun);
    const auto used = cpu_us_per(before, watched.cpu(), rows);
    made.cores = cores_between(cores, watched.cores(), made.seconds);
    const auto seen = own.seen_when(rows);
    if (seen.rows != static_cast<double>(rows))
        throw bench_error(
            exit_finding,
            fmt::format("{} events were sent and the writers count {} new rows", rows, seen.rows));
    made.records_per_batch = seen.records;
    made.tenants_per_batch = seen.tenants;
    made.writer_us = used_by(used, "nd-writer");
    made.postgres_us = used_by(used, "postgres");
    made.kafka_us = used_by(used, "kafka");
    made.wal_bytes = static_cast<double>(watch_.wal_bytes() - wal) / static_cast<double>(rows);
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
