// HTTP to committed row with real programs: nd-ingest and nd-writer as children, a load in front,
// freshness behind. What the scenarios pipeline, noisy and soak are made of.
#pragma once

#include "bench/freshness.hpp"
#include "bench/scenario.hpp"
#include "bench/writer_group.hpp"

#include <functional>
#include <memory>
#include <vector>

namespace nd::bench {

struct pipeline_outcome {
    measured_load front;
    histogram fresh;       // due -> readable row
    std::size_t lost = 0;  // samples that never became rows
    bool drained = false;  // everything was stored soon after the load's end
};

class pipeline {
  public:
    // Starts the programs. Throws bench_error when something is not stored yet.
    pipeline(bed& on, int writers);

    [[nodiscard]] load_plan plan(int events_per_request, double events_per_s);
    // Runs the load; `beside` may start another one on the same io_context.
    [[nodiscard]] pipeline_outcome run(
        const load_plan& plan,
        const std::function<std::unique_ptr<load>(boost::asio::io_context&)>& beside = {});
    // Exactly as many rows as events were acknowledged since the start? Says so in the report.
    void check_rows();
    [[nodiscard]] store_watch& watch() { return watch_; }
    [[nodiscard]] meter watched(const std::vector<pid_t>& except);

  private:
    bed& on_;
    store_watch watch_;
    bed::server front_;
    writer_group writers_;
    std::uint64_t acknowledged_ = 0;
    std::uint64_t in_doubt_ = 0;  // sent, and no answer or a 503: may be rows or not
};

}  // namespace nd::bench
