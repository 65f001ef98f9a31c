// The least that a row can cost Postgres: text COPY into a table like nd.events, partitioned and
// with its primary key, but without row-level security or deduplication. The writer's limit,
// measured in the same run with the same events.
#pragma once

#include "bench/bed.hpp"

#include <cstdint>
#include <string>
#include <vector>

struct pg_conn;

namespace nd::bench {

class limit_copy {
  public:
    // Makes a database of its own, anew. Throws bench_error.
    explicit limit_copy(bed& on);
    ~limit_copy();
    limit_copy(const limit_copy&) = delete;
    limit_copy& operator=(const limit_copy&) = delete;

    struct cost {
        double postgres_us = 0;  // per row
        double client_us = 0;    // of this process, sending
        double rows_per_s = 0;
        [[nodiscard]] double us_per_row() const { return postgres_us + client_us; }
    };
    // `rows` new rows of `tenants`, 5,000 to a COPY, each durable before the next.
    [[nodiscard]] cost measure(bed& on, std::uint64_t rows, std::span<const std::string> tenants);

  private:
    void run(const char* sql);
    void copy(const std::string& text);

    pg_conn* to_ = nullptr;
};

}  // namespace nd::bench
