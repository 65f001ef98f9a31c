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

    [[nodiscard]] int partitions();  // of nd.events.v1
    // Records in nd.events.v1, and how many of them nd.progress has passed.
    [[nodiscard]] std::int64_t in_log();
    [[nodiscard]] std::int64_t stored();
    // Throws bench_error unless all that is in the log is stored: its rows would be counted too.
    void refuse_backlog();
    // Waits until all that is in the log is stored; false when it takes longer.
    [[nodiscard]] bool wait_until_stored(std::chrono::seconds longest);
    [[nodiscard]] std::int64_t rows();
    [[nodiscard]] std::int64_t wal_bytes();  // written so far
    void empty();                            // nd.events, for the next round
    void checkpoint();
    void vacuum();  // nd.events, as autovacuum does some time after many new rows

    // What the writers' connections were doing at each look.
    struct waits {
        std::uint64_t running = 0;
        std::uint64_t wal = 0;     // writing or flushing the write-ahead log
        std::uint64_t disk = 0;    // reading or extending the table or its index
        std::uint64_t other = 0;   // locks, mostly
        std::uint64_t writer = 0;  // waiting for nd-writer to send something
        [[nodiscard]] std::uint64_t looks() const { return running + wal + disk + other + writer; }
        [[nodiscard]] double share(std::uint64_t of) const {
            return looks() == 0 ? 0 : static_cast<double>(of) / static_cast<double>(looks());
        }
    };
    void look_at(waits& so_far);

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
