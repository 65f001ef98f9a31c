#include "bench/audit_part.hpp"

#include "bench/filled_table.hpp"
#include "bench/ndctl_process.hpp"
#include "bench/writer_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

namespace nd::bench {
namespace {

constexpr std::size_t tenants_in_log = 150;
constexpr std::uint64_t portion = 500'000;  // of one measured run of the writers
constexpr std::uint64_t older = 10;         // times as many rows as the range, from before
constexpr double table_goal = 1.3;

class audited_range {
  public:
    audited_range(bed& on, writer_run& by) : on_(on), by_(by) {
        // What filled_table makes has arrived a second after it happened, which may be now.
        std::this_thread::sleep_for(std::chrono::milliseconds(1100));
        since_ = range_begin();
    }
    void grow(std::uint64_t rows) {
        for (auto left = rows; left > 0; left -= std::min(left, portion)) {
            static_cast<void>(by_.measure_on_top(std::min(left, portion), tenants_in_log,
                                                 static_cast<int>(on_.with.writers)));
        }
        rows_ += rows;
    }
    // Seconds of the audit.
    [[nodiscard]] double audit() const {
        ndctl_process one({"audit", "--from", since_}, on_.with.log_dir + "/nd-bench-audit.json");
        const auto got = one.finish();  // it fails unless both sides are equal
        const auto rows = got.said.at("total").at("rows").to_number<std::uint64_t>();
        if (rows != rows_)
            throw bench_error(exit_finding, fmt::format("an audit of {} rows saw {}", rows_, rows));
        return got.number("seconds");
    }

  private:
    bed& on_;
    writer_run& by_;
    std::string since_;
    std::uint64_t rows_ = 0;
};

}  // namespace

void measure_audit(bed& on, std::uint64_t rows) {
    filled_table table(on, (older + static_cast<std::uint64_t>(on.with.rounds)) * rows);
    writer_run by(on);
    std::vector<double> once;
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("an audit of {} rows, round {}/{}", rows, round, on.with.rounds));
        table.fill(0);
        audited_range range(on, by);
        range.grow(rows);
        once.push_back(range.audit());
        range.grow(rows);
        on.into.add("replay.audit.rate", "events/s", better::higher,
                    static_cast<double>(rows) / once.back());
        on.into.add("replay.audit.twice_the_range", "x", better::neither,
                    range.audit() / once.back());
    }
    table.fill(older * rows);
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("the same on top of {} rows, round {}/{}", older * rows, round,
                                 on.with.rounds));
        audited_range range(on, by);
        range.grow(rows);
        on.into.add("replay.audit.ten_times_the_table", "x", better::lower,
                    range.audit() / once.at(static_cast<std::size_t>(round - 1)));
    }
    on.into.at("replay.audit.ten_times_the_table", "x", better::lower).goal = table_goal;
    if (on.with.audit_events > 0) {
        const auto many = static_cast<std::uint64_t>(on.with.audit_events);
        on.show.step(fmt::format("an audit of {} rows", many));
        table.fill(0);
        audited_range range(on, by);
        range.grow(many);
        on.into.add("replay.audit.large.rate", "events/s", better::higher,
                    static_cast<double>(many) / range.audit());
    }
    table.fill(0);  // gigabytes that nobody needs
}

}  // namespace nd::bench
