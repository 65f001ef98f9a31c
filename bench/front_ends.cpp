#include "bench/front_ends.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace nd::bench {

front_ends::front_ends(bed& on, int number) : on_(on), per_request_(on.with.one_size()) {
    for (int i = 1; i <= number; ++i)
        all_.push_back(on.start_ingest({}, i));
}

load_plan front_ends::plan(int which, double events_per_s) {
    const auto& server = all_.at(static_cast<std::size_t>(which));
    auto made = on_.plan_for(server.at, server.host, per_request_);
    made.requests_per_s = events_per_s / per_request_;
    return made;
}

measured_load front_ends::run(int number, double events_per_s) {
    auto watched = on_.common_meter();
    watched.add("load generator", ::getpid());
    std::vector<load_plan> plans;
    for (int i = 0; i < number; ++i) {
        watched.add("nd-ingest", all_.at(static_cast<std::size_t>(i)).pid);
        plans.push_back(plan(i, events_per_s / number));
    }
    auto got = run_loads(plans, watched, on_.show);
    if (got.cpu_us_per_event.empty())
        throw bench_error(exit_unreachable,
                          fmt::format("{} nd-ingest answered no request with 202 in a window: see "
                                      "their logs in {} ({})",
                                      number, on_.with.log_dir, got.load.first_refusal));
    return got;
}

}  // namespace nd::bench
