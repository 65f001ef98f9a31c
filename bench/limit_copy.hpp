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
    // A database of its own, made anew and emptied for each measure; or nd.events itself, as it is,
    // past its policies as a superuser: what a row costs in a table that holds many.
    enum class into { its_own_database, nd_events };
    // Throws bench_error.
    explicit limit_copy(bed& on, into which = into::its_own_database);
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
    void make_database(bed& on);
    void run(const char* sql);
    void copy(const std::string& text);

    into which_;
    pg_conn* to_ = nullptr;
};

}  // namespace nd::bench
