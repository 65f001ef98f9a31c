#include "ingest/key_table.hpp"

#include <boost/unordered/unordered_map.hpp>

#include <limits>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>

namespace nd::ingest {
namespace {

constexpr auto never_confirmed = std::numeric_limits<key_table::clock::rep>::min();

struct kept {
    key_record record;
    // Set by requests under the shared lock, taken by the keeper: the one thing that readers write.
    mutable std::atomic<bool> used{false};

    explicit kept(const key_record& r) : record(r) {}
};

// Boost's: a look-up touches the bucket and the node, and these are cold for most requests. The
// standard library's goes over the node before, and divides.
using kept_map = boost::unordered_map<key_hash, kept, std::hash<key_hash>>;

}  // namespace

struct alignas(64) key_table::shard {
    mutable std::shared_mutex lock;
    kept_map keys;
};

key_table::key_table(clock::duration stale_after)
    : shards_(std::make_unique<shard[]>(shard_count)),
      stale_after_(stale_after),
      confirmed_(never_confirmed) {}

key_table::~key_table() = default;

key_table::shard& key_table::shard_of(const key_hash& hash) const {
    return shards_[hash.bytes[31] % shard_count];  // the map inside uses the first eight bytes
}

std::optional<key_record> key_table::find(const key_hash& hash) {
    auto& part = shard_of(hash);
    const std::shared_lock steady(part.lock);
    const auto known = part.keys.find(hash);
    if (known == part.keys.end()) return std::nullopt;
    // Read first: a busy key's cache line stays shared between the threads.
    auto& used = known->second.used;
    if (!used.load(std::memory_order_relaxed)) used.store(true, std::memory_order_relaxed);
    return known->second.record;
}

void key_table::replace_all(std::span<const entry> active) {
    std::vector<kept_map> fresh(shard_count);
    for (auto& map : fresh)
        map.reserve(active.size() / shard_count);
    for (const auto& [hash, record] : active) {
        fresh[hash.bytes[31] % shard_count].try_emplace(hash, record);
    }
    for (std::size_t i = 0; i < shard_count; ++i) {
        // The exchange is all that readers wait for; the old map is freed after the lock.
        const std::unique_lock changing(shards_[i].lock);
        shards_[i].keys.swap(fresh[i]);
    }
}

void key_table::replace_tenants(std::span<const schema::tenant_id> tenants,
                                std::span<const entry> active) {
    const std::unordered_set<schema::tenant_id> whose(tenants.begin(), tenants.end());
    std::unordered_map<key_hash, const key_record*> fresh;
    for (const auto& [hash, record] : active)
        fresh.emplace(hash, &record);
    std::vector<std::vector<key_hash>> gone(shard_count);
    for (std::size_t i = 0; i < shard_count; ++i) {
        // A pass over all keys instead of an index by tenant: changes are rare, and every key would
        // pay for the index. Readers go on meanwhile.
        const std::shared_lock steady(shards_[i].lock);
        for (const auto& [hash, key] : shards_[i].keys) {
            if (whose.contains(key.record.tenant) && !fresh.contains(hash)) gone[i].push_back(hash);
        }
    }
    for (std::size_t i = 0; i < shard_count; ++i) {
        if (gone[i].empty()) continue;
        const std::unique_lock changing(shards_[i].lock);
        for (const auto& hash : gone[i])
            shards_[i].keys.erase(hash);
    }
    for (const auto& [hash, record] : fresh)
        put(hash, *record);
}

void key_table::put(const key_hash& hash, const key_record& record) {
    auto& part = shard_of(hash);
    const std::unique_lock changing(part.lock);
    const auto [place, made] = part.keys.try_emplace(hash, record);
    if (!made) place->second.record = record;
}

void key_table::confirm(clock::time_point when) {
    confirmed_.store(when.time_since_epoch().count(), std::memory_order_release);
}

bool key_table::loaded() const {
    return confirmed_.load(std::memory_order_acquire) != never_confirmed;
}

bool key_table::stale(clock::time_point now) const {
    const auto confirmed = confirmed_.load(std::memory_order_acquire);
    return confirmed == never_confirmed ||
           now.time_since_epoch().count() - confirmed > stale_after_.count();
}

std::optional<key_table::clock::time_point> key_table::confirmed_at() const {
    const auto confirmed = confirmed_.load(std::memory_order_acquire);
    if (confirmed == never_confirmed) return std::nullopt;
    return clock::time_point(clock::duration(confirmed));
}

std::vector<std::int64_t> key_table::take_used() {
    std::vector<std::int64_t> ids;
    for (std::size_t i = 0; i < shard_count; ++i) {
        const std::shared_lock steady(shards_[i].lock);
        for (const auto& [hash, key] : shards_[i].keys) {
            if (key.used.load(std::memory_order_relaxed) && key.used.exchange(false)) {
                ids.push_back(key.record.id);
            }
        }
    }
    return ids;
}

std::size_t key_table::size() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < shard_count; ++i) {
        const std::shared_lock steady(shards_[i].lock);
        sum += shards_[i].keys.size();
    }
    return sum;
}

}  // namespace nd::ingest
