// One filling of nd.events.v1 and its way into rows by real nd-writer processes, beside COPY of as
// many rows. What the scenarios writer, many-tenants and scale are made of, and replay in part.
#pragma once

#include "bench/limit_copy.hpp"
#include "bench/store_watch.hpp"

#include <cstdint>

namespace nd::bench {

// A consumer is served one partition after the other, so a batch holds a part of all tenants.
inline constexpr std::size_t tenants_behind_a_batch = 3;

struct writer_cost {
    double rows = 0;
    double writer_us = 0;  // per row, all nd-writer processes
    double postgres_us = 0;
    double kafka_us = 0;    // of the broker, handing the records out; 0 when it is not known
    double rows_per_s = 0;  // while most of the backlog was there, see the .cpp
    double seconds = 0;     // from the first record to the last row
    double tenants_per_batch = 0;
    double records_per_batch = 0;
    double wal_bytes = 0;  // per row
    store_watch::waits waits;
    core_use cores;
    limit_copy::cost limit;
    [[nodiscard]] double us_per_row() const { return writer_us + postgres_us; }
    [[nodiscard]] double ratio() const { return us_per_row() / limit.us_per_row(); }
};

// Puts `rows` events into nd.events.v1, each in turn of another of the first `tenants` tenants.
void fill_for_writers(const bed& on, std::uint64_t rows, std::size_t tenants);

class writer_run {
  public:
    explicit writer_run(bed& on, limit_copy::into limit = limit_copy::into::its_own_database);
    // `rows` events, each in turn of another of the first `tenants` tenants, into an empty table.
    // The writers have their partitions before the topic is filled. Throws bench_error unless
    // exactly that many rows are there afterwards.
    [[nodiscard]] writer_cost measure(std::uint64_t rows, std::size_t tenants, int writers);
    // The same into the table as it is: the rows are counted by the writers, not in the table.
    [[nodiscard]] writer_cost measure_on_top(std::uint64_t rows, std::size_t tenants, int writers);
    [[nodiscard]] store_watch& watch() { return watch_; }

  private:
    void fill_in_time(std::uint64_t rows, std::size_t tenants);
    writer_cost drain(std::uint64_t rows, std::size_t tenants, int writers);

    bed& on_;
    store_watch watch_;
    limit_copy limit_;
};

// Adds one repetition's figures under `name`.
void add_figures(report& into, const std::string& name, const writer_cost& cost);

}  // namespace nd::bench
