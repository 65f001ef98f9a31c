// Several nd-writer processes that share the partitions of nd.events.v1: the parts of a consumer
// group, with a pause for as long as a topic is being filled, so that what is measured is N writers
// at work and not N writers joining. Callers: writer_run, pipeline.
#pragma once

#include "bench/bed.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace nd::bench {

class writer_group {
  public:
    // Starts them and waits until all `partitions` are assigned and each has its share (or there
    // are more writers than partitions). Throws bench_error when that does not come.
    writer_group(bed& on, int writers, int partitions);
    ~writer_group();  // SIGTERM to all
    writer_group(const writer_group&) = delete;
    writer_group& operator=(const writer_group&) = delete;

    // Stops them in their tracks (SIGSTOP) and lets them go on. Not for longer than the group's
    // session lasts, 10 s: Kafka would give their partitions away.
    void hold();
    void go();

    void add_to(meter& watched) const;  // under "nd-writer"
    void must_live();

    struct batches {
        double rows = 0;     // that were new
        double records = 0;  // in a batch, on average
        double tenants = 0;
    };
    // As soon as they count `rows` or more, or after 10 s, whatever they count then: a writer
    // counts a batch when its call has returned, and by then others can have seen its rows for a
    // while.
    [[nodiscard]] batches seen_when(std::uint64_t rows);

  private:
    [[nodiscard]] batches seen();
    void await_partitions(int partitions);

    std::vector<std::unique_ptr<child>> all_;
    bool held_ = false;
};

}  // namespace nd::bench
