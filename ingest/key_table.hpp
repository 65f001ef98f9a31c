// The keys that this process knows: a copy of every active key of every tenant, in memory. Read by
// every io thread for each request, written by the keeper alone. Sharded by hash, so that no lock
// is shared by all requests. It never asks Postgres and knows no time but the last moment at which
// its content was confirmed. Nothing fails.
#pragma once

#include "ingest/key_record.hpp"

#include <atomic>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nd::ingest {

class key_table {
  public:
    using clock = std::chrono::steady_clock;
    using entry = std::pair<key_hash, key_record>;

    // `stale_after`: how long cached keys live while nothing confirms them (--stale-keys).
    explicit key_table(clock::duration stale_after);
    ~key_table();

    // A copy of the record, and a note that the key was used.
    [[nodiscard]] std::optional<key_record> find(const key_hash& hash);

    // Everything that the database holds.
    void replace_all(std::span<const entry> active);
    // Everything that the database holds of these tenants: their other keys are forgotten. A key
    // that stays is never absent in between.
    void replace_tenants(std::span<const schema::tenant_id> tenants, std::span<const entry> active);

    // One key that a look-up found.
    void put(const key_hash& hash, const key_record& record);

    // The content was true at `when`. The first call makes the table loaded.
    void confirm(clock::time_point when);
    [[nodiscard]] bool loaded() const;
    // Nothing confirmed the content for longer than the bound: no key may be honoured.
    [[nodiscard]] bool stale(clock::time_point now) const;
    [[nodiscard]] std::optional<clock::time_point> confirmed_at() const;

    [[nodiscard]] clock::duration stale_after() const { return stale_after_; }

    // The ids of keys used since the last call; one pass, off the requests' path.
    [[nodiscard]] std::vector<std::int64_t> take_used();
    [[nodiscard]] std::size_t size() const;

  private:
    struct shard;
    static constexpr std::size_t shard_count = 64;
    shard& shard_of(const key_hash& hash) const;

    std::unique_ptr<shard[]> shards_;
    clock::duration stale_after_;
    std::atomic<clock::rep> confirmed_;  // `never_confirmed` until loaded
};

}  // namespace nd::ingest
