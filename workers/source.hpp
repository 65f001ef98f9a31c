// Our share of the topic: which partitions are ours, where each one stands, what the group and its
// log say. Used by the writer's loop, on its thread.
//
// Its epoch ends with every rebalance: what was read in an older one is not ours any more. After a
// rebalance nothing is read until place() has said from where. Errors: base/kafka_consumer.hpp's.
#pragma once

#include "base/kafka_consumer.hpp"
#include "workers/batch.hpp"
#include "workers/health.hpp"
#include "workers/progress.hpp"
#include "workers/writer_metrics.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nd::workers {

class source {
  public:
    source(health& state, writer_metrics& counts) : health_(state), metrics_(counts) {}

    [[nodiscard]] base::result<> join(const base::kafka_consumer_settings& settings);
    void leave();

    [[nodiscard]] std::uint64_t epoch() const { return epoch_; }
    [[nodiscard]] bool has_partitions() const { return !ours_.empty(); }

    // Starts reading where nd.progress, the group's offsets and the log say. A partition whose
    // leader does not answer is left out and said on /readyz; the others are read meanwhile.
    // errc::unavailable when none could be placed.
    [[nodiscard]] base::result<> place(std::span<const base::kafka_position> progress);
    // Tries those again that were left out.
    [[nodiscard]] base::result<> place_missing(std::span<const base::kafka_position> progress);
    // True when nd.progress says less than was stored: the database is an older copy.
    [[nodiscard]] bool beyond(std::span<const base::kafka_position> progress) const {
        return positions_.beyond(progress);
    }

    // One record into the batch, or a rebalance, or nothing. True: there may be more.
    [[nodiscard]] base::result<bool> poll(std::chrono::milliseconds wait, batch& into);
    [[nodiscard]] base::result<> pause();
    [[nodiscard]] base::result<> resume();

    // The batch goes to Postgres; and: it is durable there, so its offsets are committed.
    void sent(std::span<const covered> covers) { positions_.sent(covers); }
    void stored(std::span<const covered> covers);

    [[nodiscard]] std::int64_t backlog() const { return positions_.backlog(); }
    // `fetching`: then librdkafka knows where the logs end; otherwise Kafka is asked now and then.
    void show_lag(bool fetching);

  private:
    struct extent {
        std::int64_t done = 0;
        std::int64_t end = 0;
    };
    [[nodiscard]] base::result<> place_those(std::span<const base::kafka_position> progress,
                                             std::chrono::milliseconds patience);
    void ask_ends();
    void on_assigned(const std::vector<std::int32_t>& partitions);
    void on_revoked();
    void stop(std::int32_t partition, const std::string& why);

    health& health_;
    writer_metrics& metrics_;
    schema::event_scanner scanner_;
    std::uint64_t epoch_ = 0;
    std::vector<std::int32_t> ours_;
    std::vector<std::int32_t> unplaced_;  // of ours_
    positions positions_;
    std::map<std::int32_t, extent> lag_;  // what the gauges show, also while nothing is placed
    std::chrono::steady_clock::time_point ends_asked_at_;
    std::chrono::steady_clock::time_point complained_at_;
    std::unique_ptr<base::kafka_consumer> consumer_;  // last: its events touch all of the above
};

}  // namespace nd::workers
