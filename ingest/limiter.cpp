#include "ingest/limiter.hpp"

#include <algorithm>
#include <utility>

namespace nd::ingest {
namespace {

constexpr std::size_t sweep_buckets = 64;  // cleared in one go: some microseconds
constexpr limiter::clock::duration sweep_every = std::chrono::milliseconds(20);

}  // namespace

limiter::limiter(std::function<clock::time_point()> now) : now_(std::move(now)) {}

limiter::shard& limiter::shard_of(const schema::tenant_id& tenant) {
    // Mixed, because the map inside uses the same hash.
    const std::uint64_t mixed = std::hash<schema::tenant_id>{}(tenant)*0x9E3779B97F4A7C15ULL;
    return shards_[(mixed >> 32) % shard_count];
}

limit_window::verdict limiter::take(tenant_windows& of, schema::limit_class cls,
                                    std::uint32_t places) {
    const std::scoped_lock mine(of.lock);
    return of.of_class[static_cast<std::size_t>(cls)].admit(now_(), places, window_length);
}

admission limiter::admit_now(const schema::tenant_id& tenant, schema::limit_class cls,
                             std::uint32_t places) {
    auto& part = shard_of(tenant);
    const auto verdict = [&] {
        {
            // Shared while the place is taken: nobody can clear these windows away meanwhile.
            const std::shared_lock steady(part.lock);
            if (const auto known = part.tenants.find(tenant); known != part.tenants.end()) {
                return take(known->second, cls, places);
            }
        }
        const std::unique_lock changing(part.lock);
        return take(part.tenants[tenant], cls, places);
    }();
    sweep_sometimes(verdict.stamp);
    return {.admitted = verdict.admitted,
            .limit = places,
            .remaining = verdict.remaining,
            .wait = verdict.wait,
            .tenant = tenant,
            .cls = cls,
            .stamp = verdict.stamp};
}

base::task<base::result<admission>> limiter::admit(schema::tenant_id tenant,
                                                   schema::limit_class cls, std::uint32_t places) {
    co_return admit_now(tenant, cls, places);
}

void limiter::give_back(const admission& taken) {
    if (!taken.admitted) return;
    auto& part = shard_of(taken.tenant);
    const std::shared_lock steady(part.lock);
    const auto known = part.tenants.find(taken.tenant);
    if (known == part.tenants.end()) return;  // cleared: the place left the window long ago
    const std::scoped_lock mine(known->second.lock);
    known->second.of_class[static_cast<std::size_t>(taken.cls)].give_back(taken.stamp);
}

void limiter::sweep_sometimes(clock::time_point now) {
    auto due = next_sweep_.load(std::memory_order_relaxed);
    const auto ticks = now.time_since_epoch().count();
    if (ticks < due) return;
    // Whoever wins sweeps; the others go on.
    if (!next_sweep_.compare_exchange_strong(due, ticks + sweep_every.count())) return;
    sweep(shards_[next_shard_.fetch_add(1, std::memory_order_relaxed) % shard_count], now);
}

void limiter::sweep(shard& part, clock::time_point now) {
    const std::unique_lock changing(part.lock);
    // Nobody holds a tenant's lock here: that needs the shared lock first.
    for (std::size_t i = 0; i < std::min(sweep_buckets, part.tenants.bucket_count()); ++i) {
        const auto bucket = part.swept++ % part.tenants.bucket_count();
        for (auto it = part.tenants.begin(bucket); it != part.tenants.end(bucket);) {
            auto& [tenant, windows] = *it;  // its -> does not compile in Boost 1.81
            ++it;
            const auto idle = [&](const limit_window& w) { return w.idle(now, window_length); };
            if (std::all_of(windows.of_class.begin(), windows.of_class.end(), idle))
                part.tenants.erase(schema::tenant_id(tenant));
        }
    }
}

std::size_t limiter::tenants() const {
    std::size_t sum = 0;
    for (const auto& part : shards_) {
        const std::shared_lock steady(part.lock);
        sum += part.tenants.size();
    }
    return sum;
}

}  // namespace nd::ingest
