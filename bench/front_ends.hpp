// Several nd-ingest on ports of their own, as behind a load balancer that shares evenly: each with
// one io thread, connections and a part of the load of its own.
#pragma once

#include "bench/bed.hpp"

#include <vector>

namespace nd::bench {

class front_ends {
  public:
    // Starts them; each takes the first key. Throws bench_error.
    front_ends(bed& on, int number);

    // The load on the first `number` of them; events_per_s of all together, 0: as fast as they
    // answer. Counts them, the common processes and this one as "load generator".
    [[nodiscard]] measured_load run(int number, double events_per_s);
    // One front end's load, for the limits beside it.
    [[nodiscard]] load_plan plan(int which, double events_per_s);
    [[nodiscard]] int events_per_request() const noexcept { return per_request_; }

  private:
    bed& on_;
    int per_request_;
    std::vector<bed::server> all_;
};

}  // namespace nd::bench
