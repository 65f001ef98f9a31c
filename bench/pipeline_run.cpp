#include "bench/pipeline_run.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr std::chrono::seconds longest_drain{60};
constexpr double samples_per_s = 100;

store_watch emptied(bed& on) {
    store_watch made(on);
    made.refuse_backlog();
    made.empty();
    return made;
}

}  // namespace

pipeline::pipeline(bed& on, int writers)
    : on_(on),
      watch_(emptied(on)),
      front_(on.start_ingest()),
      writers_(on, writers, watch_.partitions()) {
    acknowledged_ = 1;  // the preflight's event
}

load_plan pipeline::plan(int events_per_request, double events_per_s) {
    auto made = on_.plan_for(front_.at, front_.host, events_per_request);
    made.requests_per_s = events_per_s / events_per_request;
    return made;
}

meter pipeline::watched(const std::vector<pid_t>& except) {
    auto made = on_.common_meter(except);
    if (front_.pid > 0) made.add("nd-ingest", front_.pid);
    writers_.add_to(made);
    return made;
}

pipeline_outcome pipeline::run(
    const load_plan& plan,
    const std::function<std::unique_ptr<load>(boost::asio::io_context&)>& beside) {
    const auto per_s = plan.requests_per_s;
    freshness fresh(on_, static_cast<std::uint64_t>(std::max(1.0, per_s / samples_per_s)));
    const auto watching = watched({fresh.backend(), watch_.backend()});
    boost::asio::io_context io(1);
    load front(io, plan);
    std::unique_ptr<load> other = beside ? beside(io) : nullptr;
    const auto begin_window = load::clock::now() + plan.warm_up;
    const auto count = [this](const load::answer& of, int events) {
        const auto n = static_cast<std::uint64_t>(events);
        if (of.status == 202) acknowledged_ += n;
        if (of.status == 0 || of.status == 503) in_doubt_ += n;
    };
    front.on_answer([&](const load::answer& of) {
        count(of, plan.events_per_request);
        if (of.due >= begin_window) fresh.acknowledged(of, front.ids(), on_.tenants);
    });
    pipeline_outcome made;
    cpu_reading before, after;
    std::uint64_t first = 0, last = 0;
    front.start([&](bool begins) {
        (begins ? before : after) = watching.cpu();
        (begins ? first : last) = front.answered_events() + (other ? other->answered_events() : 0);
        if (!begins) made.front.resident_mib = watching.resident_mib();
    });
    if (other) other->start();
    std::uint64_t shown = 0;
    while (!io.stopped()) {
        io.run_for(std::chrono::seconds(1));
        on_.show.detail(fmt::format("{} events/s acknowledged", front.answered_events() - shown));
        shown = front.answered_events();
    }
    if (other) acknowledged_ += other->answered_events();
    writers_.must_live();
    made.front.load = front.outcome();
    made.front.cpu_us_per_event = cpu_us_per(before, after, last - first);
    made.drained = watch_.wait_until_stored(longest_drain);
    fresh.finish(std::chrono::seconds(2));
    made.fresh = fresh.seen();
    made.lost = fresh.lost();
    return made;
}

void pipeline::check_rows() {
    const auto rows = static_cast<std::uint64_t>(watch_.rows());
    on_.into.note(
        fmt::format("{} events were acknowledged, {} rows are there, {} events had no "
                    "certain answer",
                    acknowledged_, rows, in_doubt_));
    if (rows < acknowledged_ || rows > acknowledged_ + in_doubt_)
        on_.into.unsound("rows and acknowledged events do not agree");
}

}  // namespace nd::bench
