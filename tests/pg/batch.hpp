// A batch for nd.store_events, built row by row as the writer builds it, with the means to spoil it
// afterwards. Test code.
#pragma once

#include "base/pg.hpp"
#include "base/pg_array.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::tests {

using raw_uuid = std::array<std::uint8_t, 16>;

// tenant_a, tenant_b, ... and any number of event ids, without a random source: the last bytes
// count.
[[nodiscard]] raw_uuid numbered_uuid(std::uint8_t kind, std::uint64_t number);
[[nodiscard]] std::string to_text(const raw_uuid& uuid);

inline const raw_uuid tenant_a = numbered_uuid(0xaa, 1);
inline const raw_uuid tenant_b = numbered_uuid(0xbb, 2);
inline const raw_uuid tenant_c = numbered_uuid(0xcc, 3);

// 2026-11-02 00:00 UTC, a Monday.
inline constexpr std::int64_t monday = 1'793'577'600'000'000;
inline constexpr std::int64_t one_day = 86'400'000'000;

struct event_row {
    std::optional<raw_uuid> tenant;  // of the record; nullopt is NULL
    raw_uuid id{};
    std::int64_t occurred_us = monday;
    std::optional<std::string> name = "clicked";
    std::optional<std::string> page = "/";
    std::string environment = "live";
    std::string properties = "{}";
    std::string user_hash = {};
};

// One entry of a receipt: its group's row, both from 1.
struct receipt_entry {
    std::int32_t row = 1;
    raw_uuid request{};
    std::int32_t place = 0;
    std::string user_hash = {};
};

struct stored {
    std::int64_t inserted = 0;
    std::int64_t duplicates = 0;
    std::int64_t conflicts = 0;
    std::vector<std::int64_t> bad_rows;
    std::vector<std::string> bad_states;
    bool wants_hashes = false;
    std::vector<std::int64_t> erased_rows;
};

struct batch {
    struct group {
        raw_uuid tenant{};
        std::int32_t lo = 0;
        std::int32_t hi = 0;
        std::int32_t receipt_lo = 0;
        std::int32_t receipt_hi = 0;
    };
    std::vector<group> groups;
    std::vector<event_row> rows;
    std::vector<receipt_entry> receipts;  // of the groups that name them
    std::optional<std::string> hash_key;  // with it, the rows' user_hash goes along
    std::int64_t oldest_us = monday;
    std::int32_t partition = 0;
    std::int64_t expected = 0;
    std::int64_t next_offset = 1;

    // A new group of the tenant with these events, all its own.
    batch& of(const raw_uuid& tenant, std::vector<event_row> events);
    [[nodiscard]] base::result<stored> store(base::pg::connection& on) const;
};

// One tenant's events with ids first..first+count-1, a microsecond apart.
[[nodiscard]] std::vector<event_row> events_of(std::uint64_t first, std::uint64_t count,
                                               std::int64_t from_us = monday);

}  // namespace nd::tests
