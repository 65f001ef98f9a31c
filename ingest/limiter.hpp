// The limits of this process: one exact window per tenant and class, each tenant under its own
// lock, found through a sharded map, so that no lock is shared by all requests. Called from every
// io thread. It keeps nothing for tenants that were silent for a minute: every 20 ms one admission
// clears a bounded piece of the map. Nothing fails.
#pragma once

#include "ingest/limit_store.hpp"
#include "ingest/limit_window.hpp"

#include <boost/unordered/unordered_map.hpp>

#include <array>
#include <atomic>
#include <functional>
#include <mutex>
#include <shared_mutex>

namespace nd::ingest {

class limiter final : public limit_store {
  public:
    using clock = std::chrono::steady_clock;
    // Tests put their own time in. It is read under the tenant's lock: the order of admissions is
    // the order of their stamps.
    explicit limiter(std::function<clock::time_point()> now = &clock::now);

    // For callers that know that the store is in this process.
    [[nodiscard]] admission admit_now(const schema::tenant_id& tenant, schema::limit_class cls,
                                      std::uint32_t places);

    [[nodiscard]] std::optional<admission> try_admit(const schema::tenant_id& tenant,
                                                     schema::limit_class cls,
                                                     std::uint32_t places) override {
        return admit_now(tenant, cls, places);
    }
    [[nodiscard]] base::task<base::result<admission>> admit(schema::tenant_id tenant,
                                                            schema::limit_class cls,
                                                            std::uint32_t places) override;
    void give_back(const admission& taken) override;

    [[nodiscard]] std::size_t tenants() const;  // remembered now, for the metrics
    static constexpr clock::duration window_length =
        std::chrono::seconds(schema::limit_window_seconds);

  private:
    struct tenant_windows {
        std::mutex lock;
        std::array<limit_window, schema::limit_classes.size()> of_class;
    };
    struct alignas(64) shard {
        mutable std::shared_mutex
            lock;  // shared: the map stays as it is; unique: tenants come and go
        boost::unordered_map<schema::tenant_id, tenant_windows, std::hash<schema::tenant_id>>
            tenants;
        std::size_t swept = 0;  // the next bucket to clear
    };
    static constexpr std::size_t shard_count = 64;

    shard& shard_of(const schema::tenant_id& tenant);
    limit_window::verdict take(tenant_windows& of, schema::limit_class cls, std::uint32_t places);
    void sweep_sometimes(clock::time_point now);
    void sweep(shard& part, clock::time_point now);

    std::function<clock::time_point()> now_;
    std::array<shard, shard_count> shards_;
    std::atomic<clock::rep> next_sweep_{0};
    std::atomic<std::size_t> next_shard_{0};
};

}  // namespace nd::ingest
