// One filling of nd.events.v1 and its way into rows by real nd-writer processes, beside COPY of as
// many rows. What the scenarios writer and many-tenants are made of.
#pragma once

#include "bench/limit_copy.hpp"
#include "bench/store_watch.hpp"

#include <cstdint>

namespace nd::bench {

struct writer_cost {
    double writer_us = 0;  // per row, all nd-writer processes
    double postgres_us = 0;
    double rows_per_s = 0;
    double tenants_per_batch = 0;
    double records_per_batch = 0;
    double wal_bytes = 0;  // per row
    limit_copy::cost limit;
    [[nodiscard]] double us_per_row() const { return writer_us + postgres_us; }
    [[nodiscard]] double ratio() const { return us_per_row() / limit.us_per_row(); }
};

// Puts `rows` events into nd.events.v1, each in turn of another of the first `tenants` tenants.
void fill_for_writers(const bed& on, std::uint64_t rows, std::size_t tenants);

class writer_run {
  public:
    explicit writer_run(bed& on);
    // `rows` events, each in turn of another of the first `tenants` tenants. Throws bench_error
    // unless exactly that many rows are there afterwards.
    [[nodiscard]] writer_cost measure(std::uint64_t rows, std::size_t tenants, int writers);

  private:
    bed& on_;
    store_watch watch_;
    limit_copy limit_;
};

// Adds one repetition's figures under `name`.
void add_figures(report& into, const std::string& name, const writer_cost& cost);

}  // namespace nd::bench
