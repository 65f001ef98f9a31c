// What nd.dead_state says about dead letters, and marking them: the edge to Postgres, as
// nd_operator, each tenant's letters in that tenant's own transaction. Called by ndctl dead.
// Errors: base/pg.hpp's.
#pragma once

#include "base/pg.hpp"
#include "ops/dead_letter.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nd::ops {

class dead_store {
  public:
    // `cluster` is Kafka's own id: another cluster's offsets are other letters.
    dead_store(base::pg::connection& on, std::string cluster)
        : on_(&on), cluster_(std::move(cluster)) {}

    // Fills in the marks.
    [[nodiscard]] base::result<> look_up(std::span<known_letter> letters);
    // How many have changed. An error may come after some tenants' letters are marked: doing it
    // again is safe.
    [[nodiscard]] base::result<std::int64_t> mark(std::span<const known_letter> letters,
                                                  std::string_view state, std::string_view note);

  private:
    base::pg::connection* on_;
    std::string cluster_;
};

}  // namespace nd::ops
