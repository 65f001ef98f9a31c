// Reading events: the edge's scan of a whole body, the writer's of one record.
#include "bench/micro/samples.hpp"
#include "schema/batch.hpp"
#include "schema/event_scan.hpp"

namespace nd::bench {
namespace {

constexpr schema::instant now{
    std::chrono::duration_cast<std::chrono::microseconds>(sample_time.time_since_epoch()).count()};

void scan_batch(benchmark::State& state) {
    auto bodies = recorded_bodies(static_cast<int>(state.range(0)));
    std::vector<std::size_t> sizes;
    for (auto& body : bodies) {
        sizes.push_back(body.size());
        body.append(schema::batch_padding, '\0');
    }
    schema::batch_scanner scanner;
    std::size_t at = 0;
    std::int64_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto verdict = scanner.scan(bodies[at].data(), sizes[at], now);
        if (!verdict || !verdict->rejected.empty())
            return state.SkipWithError("a recorded event was rejected");
        bytes += static_cast<std::int64_t>(sizes[at]);
        at = at + 1 == bodies.size() ? 0 : at + 1;
    }
    state.SetBytesProcessed(bytes);
    show_events(state, static_cast<std::uint64_t>(state.range(0)));
}
BENCHMARK(scan_batch)->Arg(1)->Arg(50)->Arg(1000);

void scan_record(benchmark::State& state) {
    const auto values = recorded_values(5000);
    schema::event_scanner scanner;
    std::size_t at = 0;
    std::int64_t bytes = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto event = scanner.scan(values[at]);
        if (!event) return state.SkipWithError("a recorded event is none");
        bytes += static_cast<std::int64_t>(values[at].size());
        at = at + 1 == values.size() ? 0 : at + 1;
    }
    state.SetBytesProcessed(bytes);
    show_events(state, 1);
}
BENCHMARK(scan_record);

}  // namespace
}  // namespace nd::bench
