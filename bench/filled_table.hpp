// nd.events as it is after weeks of work: many rows of every tenant, in the weeks before now and in
// this one, put there by the server itself. The writer's cost on top of it is what the scenario
// scale measures. A superuser's connection of its own.
#pragma once

#include "base/pg.hpp"
#include "bench/bed.hpp"

#include <cstdint>

namespace nd::bench {

// Weeks that the rows are spread over, this one among them.
inline constexpr std::int64_t filled_weeks = 4;

class filled_table {
  public:
    // Makes the weeks' partitions. Throws bench_error, also when the disk has no room for
    // `most_rows`.
    filled_table(bed& on, std::uint64_t most_rows);

    // Empties the table and puts exactly that many rows there, in the order of their times, as a
    // writer stores them: portions of some events of every tenant. Vacuumed, so that no autovacuum
    // works beside what is measured.
    void fill(std::uint64_t rows);
    // Of all weeks, indexes and TOAST too.
    [[nodiscard]] std::int64_t bytes();

  private:
    void need_room(std::uint64_t rows);
    void take_samples();
    void take_tenants();
    void fill_week(std::int64_t week, std::uint64_t rows);

    bed& on_;
    base::pg::connection db_;
    std::uint64_t portions_ = 0;
};

}  // namespace nd::bench
