// What has been stored, seen from outside: how far nd.progress is behind the log, how many rows
// there are, when a given event became a row, and what the write-ahead log took. A superuser's
// connection of its own; its CPU time is not counted.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/pg.hpp"
#include "bench/bed.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nd::bench {

class store_watch {
  public:
    // Throws bench_error when Postgres or Kafka does not answer.
    explicit store_watch(bed& on);

    // Records in nd.events.v1, and how many of them nd.progress has passed.
    [[nodiscard]] std::int64_t in_log();
    [[nodiscard]] std::int64_t stored();
    // Waits until all that is in the log is stored; false when it takes longer.
    [[nodiscard]] bool wait_until_stored(std::chrono::seconds longest);
    [[nodiscard]] std::int64_t rows();
    [[nodiscard]] std::int64_t wal_bytes();  // written so far
    void empty();                            // nd.events, for the next round

    struct sample {
        std::string tenant;
        std::int64_t occurred_us;
        std::string id;
    };
    // Which of them are rows; the ids of those, as sent.
    [[nodiscard]] std::vector<std::string> there(std::span<const sample> samples);
    [[nodiscard]] pid_t backend();

  private:
    base::pg::connection db_;
    base::kafka_handle kafka_;
};

}  // namespace nd::bench
