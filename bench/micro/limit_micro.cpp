// One request's place in its tenant's minute, among many tenants.
#include "bench/micro/samples.hpp"
#include "ingest/limiter.hpp"

namespace nd::bench {
namespace {

constexpr std::uint32_t places = 60;
// Half of what all tenants together may send: each comes about 30 times a minute.
constexpr std::chrono::microseconds between{100};

std::vector<schema::tenant_id> sample_tenants() {
    std::vector<schema::tenant_id> made;
    for (std::uint32_t i = 0; i < many_tenants; ++i)
        made.push_back(sample_tenant(i));
    return made;
}

void admit(benchmark::State& state) {
    const auto tenants = sample_tenants();
    ingest::limiter::clock::time_point now{std::chrono::hours(1000)};
    ingest::limiter limits([&now] { return now; });
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto taken = limits.admit_now(tenants[at], schema::limit_class::events, places);
        if (!taken.admitted) return state.SkipWithError("a request within its limit was refused");
        now += between;
        at = at + 1 == tenants.size() ? 0 : at + 1;
    }
}
BENCHMARK(admit);

// A flood: the time stands still and every place is taken.
void refuse(benchmark::State& state) {
    const auto tenants = sample_tenants();
    const ingest::limiter::clock::time_point now{std::chrono::hours(1000)};
    ingest::limiter limits([now] { return now; });
    for (const auto& tenant : tenants)
        for (std::uint32_t i = 0; i < places; ++i)
            static_cast<void>(limits.admit_now(tenant, schema::limit_class::events, places));
    std::size_t at = 0;
    for ([[maybe_unused]] auto _ : state) {
        const auto taken = limits.admit_now(tenants[at], schema::limit_class::events, places);
        if (taken.admitted) return state.SkipWithError("a request over its limit was admitted");
        at = at + 1 == tenants.size() ? 0 : at + 1;
    }
}
BENCHMARK(refuse);

}  // namespace
}  // namespace nd::bench
