// How far each partition is read, sent and stored, and where reading starts. Postgres is the
// authority: Kafka's own offset can only move the start back, never forward. Called by the writer's
// loop. Pure.
#pragma once

#include "base/kafka_consumer.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nd::workers {

// What one batch holds of one partition. `expected` is what nd.progress must at least say before
// the batch is stored: less means that the database is an older copy than the one we wrote to.
struct covered {
    std::int32_t partition = 0;
    std::int64_t expected = 0;
    std::int64_t begin = 0;  // everything before it was done or is gone
    std::int64_t next = 0;   // everything before it is in this batch or was done
    bool operator==(const covered&) const = default;
};

struct starting_point {
    std::int64_t offset = 0;
    std::int64_t expected = 0;
    std::string stopped;  // why the partition must not be read; empty = read it
};

// No progress = the log's start even when Kafka has an offset: a restored database fills its hole.
[[nodiscard]] starting_point start_at(std::optional<std::int64_t> stored,
                                      std::optional<std::int64_t> committed,
                                      base::kafka_log_bounds log);

class positions {
  public:
    void clear() { all_.clear(); }
    void start(std::int32_t partition, const starting_point& at, std::int64_t log_end);

    // Takes one record in. False: it is not wanted (not ours, stopped, or before our position), and
    // `into` is as it was.
    [[nodiscard]] bool take(std::int32_t partition, std::int64_t offset,
                            std::vector<covered>& into);
    // The batch that holds these was sent to be stored; what comes after it expects it stored.
    void sent(std::span<const covered> batch);
    void stored(std::span<const covered> batch);
    void stop(std::int32_t partition, std::string why);

    // Where to go on reading: every partition that is not stopped.
    [[nodiscard]] std::vector<base::kafka_position> fetch_list() const;
    // True when nd.progress says less than we saw stored: the database is an older copy.
    [[nodiscard]] bool beyond(std::span<const base::kafka_position> progress) const;

    struct one {
        std::int32_t partition = 0;
        std::int64_t read = 0;      // the next record to read
        std::int64_t expected = 0;  // of the next batch
        std::int64_t done = 0;      // the next record that is not stored yet
        std::int64_t log_end = 0;   // as far as known
        std::string stopped;
    };
    [[nodiscard]] std::span<one> all() { return all_; }
    [[nodiscard]] std::int64_t backlog() const;  // records in the log that were not read yet

  private:
    [[nodiscard]] one* find(std::int32_t partition);
    std::vector<one> all_;  // few: a search beats a map
};

}  // namespace nd::workers
