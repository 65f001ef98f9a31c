// The edge to nd.jobs: making a job, taking it over, moving it on. Called by replay and import, one
// connection per thread, as nd_writer. What is refused says why: not_found for an unknown job,
// refused for one that is done, cancelled, in other hands, or was taken away (ND010).
#pragma once

#include "base/pg.hpp"
#include "ops/job.hpp"
#include "ops/settings.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::ops {

// host:pid:random, so that no two processes are mixed up.
[[nodiscard]] std::string make_runner();

class job_store {
  public:
    [[nodiscard]] static base::result<job_store> open(const settings& from);

    // The parts with their `next` at `begin`. Answers the job's id.
    [[nodiscard]] base::result<std::int64_t> create(std::string_view kind,
                                                    const boost::json::object& spec,
                                                    const std::string& runner,
                                                    const std::vector<job_part>& parts);
    [[nodiscard]] base::result<job> find(std::int64_t id);
    [[nodiscard]] base::result<std::vector<job>> list();

    // For this runner, as soon as the one before is silent for long enough: waits for that.
    [[nodiscard]] base::result<job> take(std::int64_t id, std::string_view kind,
                                         const std::string& runner);
    [[nodiscard]] base::result<> beat(std::int64_t id, const std::string& runner);
    [[nodiscard]] base::result<> leave(std::int64_t id, const std::string& runner);
    [[nodiscard]] base::result<> finish(std::int64_t id, const std::string& runner);
    [[nodiscard]] base::result<> cancel(std::int64_t id);

    [[nodiscard]] base::pg::connection& connection() { return db_; }

  private:
    explicit job_store(base::pg::connection db) : db_(std::move(db)) {}
    [[nodiscard]] base::result<std::vector<job>> read(std::optional<std::int64_t> id);
    base::pg::connection db_;
};

// Moves a part from `expected` to `next` and adds the counts, `written` aside, which moved with the
// rows. Durable on return with everything before it.
[[nodiscard]] base::result<> advance(base::pg::connection& on, std::int64_t id,
                                     const std::string& runner, std::int32_t part,
                                     std::int64_t expected, std::int64_t next,
                                     const job_counts& more);

}  // namespace nd::ops
