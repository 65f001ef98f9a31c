// replay: what nd-writer has just stored, stored again by `ndctl replay`: as fast as the live way
// where rows are missing, several times as fast where they are there. How soon live events are
// rows while a replay goes as fast as it may. And what an audit costs (audit_part.cpp).
#include "bench/audit_part.hpp"
#include "bench/ndctl_process.hpp"
#include "bench/pipeline_run.hpp"
#include "bench/scenario.hpp"
#include "bench/writer_run.hpp"

#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <thread>

namespace nd::bench {
namespace {

constexpr std::uint64_t default_rows = 500'000;
constexpr std::size_t tenants_in_log = 150;  // about 50 in a batch, as in `writer`
constexpr double live_rate = 5'000;          // events/s beside the replay, 50 in a request
constexpr int live_events = 50;
constexpr double there_goal = 3;
constexpr double freshness_goal = 2;

struct replay_cost {
    double rows_per_s = 0;
    double client_us = 0;
    double postgres_us = 0;
};

replay_cost replay(bed& on, store_watch& watch, const std::string& since, std::uint64_t rows,
                   bool missing) {
    const auto watched = on.common_meter({watch.backend()});
    const auto before = watched.cpu();
    ndctl_process one({"replay", "--from", since}, on.with.log_dir + "/nd-bench-replay.json");
    const auto got = one.finish();
    const auto used = cpu_us_per(before, watched.cpu(), rows);
    const auto wanted = static_cast<std::int64_t>(rows);
    if (got.count("read") != wanted || got.count("written") != (missing ? wanted : 0) ||
        watch.rows() != wanted)
        throw bench_error(exit_finding,
                          fmt::format("a replay of {} records read {}, wrote {}, and {} rows are "
                                      "there",
                                      rows, got.count("read"), got.count("written"), watch.rows()));
    return {static_cast<double>(rows) / got.number("seconds"),
            got.cpu_s * 1e6 / static_cast<double>(rows), used_by(used, "postgres")};
}

void add(report& into, const std::string& name, const replay_cost& cost, double live_rows_per_s) {
    into.add(name + ".rate", "rows/s", better::higher, cost.rows_per_s);
    into.add(name + ".speed", "x", better::higher, cost.rows_per_s / live_rows_per_s);
    into.add(name + ".cpu", "us/row", better::lower, cost.client_us + cost.postgres_us);
    into.add(name + ".cpu.ndctl", "us/row", better::lower, cost.client_us);
    into.add(name + ".cpu.postgres", "us/row", better::lower, cost.postgres_us);
}

void measure_rates(bed& on, std::uint64_t rows) {
    writer_run live(on);
    store_watch watch(on);
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("{} rows by nd-writer, round {}/{}", rows, round, on.with.rounds));
        const auto since = range_begin();
        const auto cost = live.measure(rows, tenants_in_log, static_cast<int>(on.with.writers));
        on.into.add("replay.live.rate", "rows/s", better::higher, cost.rows_per_s);
        on.into.add("replay.live.cpu", "us/row", better::lower, cost.us_per_row());
        on.show.step(
            fmt::format("the same range, which is there, round {}/{}", round, on.with.rounds));
        // Rows that no vacuum has seen are looked up in the table as well, not in its index alone.
        add(on.into, "replay.there.fresh", replay(on, watch, since, rows, false), cost.rows_per_s);
        watch.vacuum();
        add(on.into, "replay.there", replay(on, watch, since, rows, false), cost.rows_per_s);
        on.show.step(
            fmt::format("the same range, which is gone, round {}/{}", round, on.with.rounds));
        watch.empty();
        add(on.into, "replay.missing", replay(on, watch, since, rows, true), cost.rows_per_s);
    }
    on.into.at("replay.there.speed", "x", better::higher).goal = there_goal;
    on.into.at("replay.missing.speed", "x", better::higher).goal = 1;
}

// Replays the range again and again until it is destroyed: the first time everything is missing.
class steady_replay {
  public:
    steady_replay(bed& on, std::string since)
        : on_(on), since_(std::move(since)), thread_([this] { run(); }) {}
    ~steady_replay() {
        ending_ = true;
        thread_.join();
        if (!failed_.empty()) on_.into.unsound(failed_);
    }
    steady_replay(const steady_replay&) = delete;
    steady_replay& operator=(const steady_replay&) = delete;

  private:
    void run() {
        try {
            while (!ending_) {
                ndctl_process one({"replay", "--from", since_, "--to", to_},
                                  on_.with.log_dir + "/nd-bench-replay-beside.json");
                while (!ending_ && one.running())
                    std::this_thread::sleep_for(std::chrono::milliseconds(20));
                if (!one.running()) static_cast<void>(one.finish());
            }
        } catch (const std::exception& e) {
            failed_ = e.what();
        }
    }

    bed& on_;
    std::string since_;
    std::string to_ = range_begin();
    std::atomic<bool> ending_{false};
    std::string failed_;
    std::thread thread_;
};

void add_freshness(bed& on, const std::string& name, const pipeline_outcome& got) {
    on.judge(name, got.front.load);
    if (got.lost > 0 || !got.drained) on.into.unsound(name + ": not every event became a row");
    on.into.add(name + ".p50", "ms", better::lower, got.fresh.quantile_ms(0.5));
    on.into.add(name + ".p99", "ms", better::lower, got.fresh.quantile_ms(0.99));
}

void measure_freshness(bed& on, std::uint64_t rows) {
    pipeline through(on, static_cast<int>(on.with.writers));
    const auto rate = on.with.rate_or(live_rate);
    const auto plan = through.plan(live_events, rate);
    on.show.step("warming all programs");
    static_cast<void>(through.run(plan));
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("live events alone, round {}/{}", round, on.with.rounds));
        add_freshness(on, "replay.freshness.alone", through.run(plan));
        on.show.step(fmt::format("{} rows to be replayed", rows));
        const auto since = range_begin();
        fill_for_writers(on, rows, tenants_in_log);
        if (!through.watch().wait_until_stored(std::chrono::seconds(120)))
            throw bench_error(exit_finding, "nd-writer does not catch up");
        through.watch().empty();
        on.show.step(
            fmt::format("live events beside a replay, round {}/{}", round, on.with.rounds));
        {
            const steady_replay beside(on, since);
            add_freshness(on, "replay.freshness.beside", through.run(plan));
        }
        const auto alone = on.into.at("replay.freshness.alone.p99", "ms", better::lower);
        const auto with = on.into.at("replay.freshness.beside.p99", "ms", better::lower);
        on.into.add("replay.freshness.ratio", "x", better::lower,
                    with.values.back() / alone.values.back());
    }
    on.into.at("replay.freshness.ratio", "x", better::lower).goal = freshness_goal;
}

}  // namespace

void run_replay(bed& on) {
    const auto rows =
        on.with.events > 0 ? static_cast<std::uint64_t>(on.with.events) : default_rows;
    measure_rates(on, rows);
    measure_freshness(on, rows);
    measure_audit(on, rows);
}

}  // namespace nd::bench
