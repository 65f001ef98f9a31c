// One thread of a replay: partition after partition from Kafka to Postgres, in batches that are
// durable together with the place behind them. Made by replay_run.
//
// A batch that fails is tried again for a minute on a new connection: everything it did before is
// there already, so nothing happens twice. Errors: what a retry does not heal.
#pragma once

#include "ops/pace.hpp"
#include "ops/record_log.hpp"
#include "ops/replay_spec.hpp"
#include "ops/replay_store.hpp"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace nd::ops {

// What all lanes of a replay share.
struct replay_work {
    const settings& from;
    const replay_spec& spec;
    replay_filter filter;
    std::string pepper;
    std::string checked_place;  // see open_writer
    job_hold hold;              // `part` is each lane's own
    bool dry_run = false;       // looks everything up and writes nothing, the job neither
    pace& speed;

    std::atomic<bool> stop{false};
    std::atomic<std::int64_t> passed{0};  // offsets behind us, of all parts
    std::atomic<std::int64_t> read{0};

    std::mutex mutex{};  // of what follows
    std::vector<job_part> waiting{};
    hour_table hours{};               // of a dry run
    job_counts counts{};              // of a dry run
    std::vector<dead_record> dead{};  // the first of them
};

class replay_lane {
  public:
    explicit replay_lane(replay_work& shared) : shared_(shared) {}

    // Takes waiting parts until there are none, or until `stop`.
    [[nodiscard]] base::result<> run();

  private:
    [[nodiscard]] base::result<> run_part(const job_part& part);
    [[nodiscard]] base::result<> collect(record_reader& reader);
    void hold_back();
    [[nodiscard]] base::result<> store_patiently(std::int64_t expected, std::int64_t next);
    [[nodiscard]] base::result<> store_again(std::int64_t expected, std::int64_t next);
    [[nodiscard]] base::result<> store_once(std::int64_t expected, std::int64_t next);
    [[nodiscard]] base::result<bool> was_stored(std::int64_t next);
    void note_dead(const std::vector<dead_record>& more);
    void note_dry(const looked_up& seen, const job_counts& counts);

    replay_work& shared_;
    std::optional<replay_store> store_;
    job_hold hold_;
    replay_batch batch_;
    schema::event_scanner scanner_;
};

}  // namespace nd::ops
