// The edge to Postgres of a replay: what of a batch is missing, storing that, and moving the job
// on. One connection for one thread, as nd_writer. It does not retry: the lane does. Errors are
// base/pg.hpp's; refused when the job was taken away.
#pragma once

#include "ops/job_store.hpp"
#include "ops/replay_batch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nd::ops {

struct looked_up {
    std::vector<std::int64_t> missing;  // places
    std::vector<std::int64_t> erased;
    std::uint64_t there_digest = 0;
};

struct replay_outcome {
    std::int64_t written = 0;
    std::uint64_t table_digest = 0;  // of the rows that are there for the places
    std::vector<std::int64_t> erased;
    std::vector<std::pair<std::int64_t, std::string>> refused;  // place, "code: sentence"
};

// Whose rows are counted.
struct job_hold {
    std::int64_t job = 0;
    std::string runner;
    std::int32_t part = 0;
};

class replay_store {
  public:
    // `pepper` only serves tombstones; `checked_place` as for open_writer.
    [[nodiscard]] static base::result<replay_store> open(const settings& from, bool staging,
                                                         const std::string& pepper,
                                                         const std::string& checked_place);

    [[nodiscard]] base::result<looked_up> look_up(const replay_batch& batch);
    [[nodiscard]] base::result<replay_outcome> store(const replay_batch& batch,
                                                     std::span<const std::int64_t> places,
                                                     const job_hold& hold);
    [[nodiscard]] base::result<> advance(const job_hold& hold, std::int64_t expected,
                                         std::int64_t next, const job_counts& more);

  private:
    replay_store(base::pg::connection db, bool staging, const std::string& pepper)
        : db_(std::move(db)), staging_(staging), hasher_(pepper) {}
    [[nodiscard]] base::result<base::pg::rows> call_store(const replay_batch& batch,
                                                          std::span<const std::int64_t> places,
                                                          const job_hold& hold, bool with_users);

    base::pg::connection db_;
    bool staging_;
    schema::user_hasher hasher_;
    schema::event_scanner scanner_;
    key_columns keys_;
    value_columns values_;
    base::pg::bytea_array users_;
};

}  // namespace nd::ops
