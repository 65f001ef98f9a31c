// The writer's own work on a batch: taking records in, grouping them by tenant, making the arrays
// of the CALL.
#include "bench/micro/samples.hpp"
#include "schema/record.hpp"
#include "workers/columns.hpp"

#include <random>

namespace nd::bench {
namespace {

constexpr std::size_t records = 5000;

// The records of one partition, of tenants in no order.
class log_piece {
  public:
    explicit log_piece(std::int64_t tenants) : values_(recorded_values(records)) {
        std::mt19937 random(1);
        for (std::size_t i = 0; i < records; ++i)
            keys_.emplace_back(sample_tenant(
                static_cast<std::uint32_t>(random() % static_cast<std::uint64_t>(tenants))));
    }

    void fill(workers::batch& into) {
        into.clear();
        workers::positions at;
        at.start(0, {0, 0, {}}, static_cast<std::int64_t>(records));
        for (std::size_t i = 0; i < records; ++i) {
            workers::raw_record raw;
            raw.offset = static_cast<std::int64_t>(i);
            raw.timestamp_ms = 1'795'000'000'123;
            raw.key = keys_[i].text();
            raw.value = values_[i];
            raw.environment = "live";
            raw.request = "0123456789abcdef";
            into.take(raw, at, scanner_);
        }
    }

  private:
    std::vector<std::string> values_;
    std::vector<schema::record_key> keys_;
    schema::event_scanner scanner_;
};

void take_records(benchmark::State& state) {
    log_piece from(50);
    workers::batch into;
    for ([[maybe_unused]] auto _ : state) {
        from.fill(into);
        if (into.rows().size() != records) return state.SkipWithError("a record is no row");
    }
    show_events(state, records);
}
BENCHMARK(take_records);

void group_rows(benchmark::State& state) {
    workers::batch rows;
    log_piece(state.range(0)).fill(rows);
    workers::grouping made;
    for ([[maybe_unused]] auto _ : state) {
        workers::group(rows.rows(), made);
        benchmark::DoNotOptimize(made.slices.data());
    }
    state.counters["tenants"] = static_cast<double>(made.slices.size());
    show_events(state, records);
}
BENCHMARK(group_rows)->Arg(50)->Arg(2000);

void fill_columns(benchmark::State& state) {
    workers::batch rows;
    log_piece(state.range(0)).fill(rows);
    workers::grouping groups;
    workers::group(rows.rows(), groups);
    workers::row_columns columns;
    for ([[maybe_unused]] auto _ : state) {
        columns.fill(rows.rows(), groups);
        if (columns.event_ids.size() != records) return state.SkipWithError("a row is missing");
    }
    show_events(state, records);
}
BENCHMARK(fill_columns)->Arg(50)->Arg(2000);

}  // namespace
}  // namespace nd::bench
