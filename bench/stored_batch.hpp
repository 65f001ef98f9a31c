// One batch of made-up events, twice: as the columns that nd.store_events takes and as the text
// that COPY takes. Used by nd-writer-cost; throws std::runtime_error when Postgres does not store
// it.
#pragma once

#include "base/pg.hpp"
#include "base/pg_array.hpp"

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace nd::bench {

inline constexpr int batch_size = 5000;
using raw_uuid = std::array<std::uint8_t, 16>;

struct event {
    raw_uuid tenant{};
    raw_uuid id{};
    std::int64_t occurred_us = 0;
    std::string properties;
};

// Events of 2026-11-02, evenly of each tenant, in the order in which the writer stores them: by
// tenant, time and id.
[[nodiscard]] std::vector<event> batch_of(int tenants, std::mt19937_64& random);

[[nodiscard]] std::string copy_text(const std::vector<event>& events);

class batch_columns {
  public:
    explicit batch_columns(const std::vector<event>& events);
    void store(base::pg::connection& on, std::int64_t next_offset) const;

  private:
    base::pg::uuid_array tenants_, row_tenants_, ids_;
    base::pg::int4_array lo_, hi_, partitions_;
    base::pg::int8_array expected_;
    base::pg::timestamptz_array occurred_;
    base::pg::text_array environments_, names_, sessions_, users_, pages_, documents_;
};

}  // namespace nd::bench
