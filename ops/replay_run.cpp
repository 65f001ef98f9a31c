#include "ops/replay_run.hpp"

#include "base/log.hpp"
#include "ops/live_delay.hpp"
#include "ops/pepper.hpp"
#include "ops/progress_line.hpp"
#include "ops/writer_connection.hpp"

#include <algorithm>
#include <thread>

namespace nd::ops {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto look_every = 100ms;
constexpr auto beat_every = 1s;
// A live batch waits 100 ms for company and some more for Postgres: that is not late.
constexpr auto late_from = 250ms;
constexpr auto late_until = 150ms;

std::size_t lanes_of(const replay_options& options, std::size_t parts) {
    // Several for a core: a lane computes, waits for Postgres and waits for its disk in turns.
    const auto usual =
        std::clamp<std::size_t>(std::size_t{4} * std::thread::hardware_concurrency(), 4, 8);
    const auto most = options.lanes > 0 ? static_cast<std::size_t>(options.lanes) : usual;
    return std::min(most, parts);
}

// The watch: everything that happens beside the lanes, on the caller's thread.
class overseer {
  public:
    overseer(replay_work& work, std::int64_t whole)
        : work_(work), whole_(whole), line_("records") {}

    [[nodiscard]] base::result<> open() {
        auto jobs = job_store::open(work_.from);
        if (!jobs) return jobs.error();
        jobs_.emplace(std::move(*jobs));
        auto live = live_watch::open(work_.from);
        if (!live) return live.error();
        live_.emplace(std::move(*live));
        return {};
    }

    [[nodiscard]] base::result<> look() {
        const auto now = clock::now();
        if (!work_.dry_run && now - beaten_at_ >= beat_every) {
            beaten_at_ = now;
            auto beaten = jobs_->beat(work_.hold.job, work_.hold.runner);
            if (!beaten && beaten.error().code == base::errc::refused) return beaten;
            if (!beaten) reopen();
        }
        watch_live(now);
        const auto share =
            whole_ == 0 ? 1.0
                        : static_cast<double>(work_.passed.load()) / static_cast<double>(whole_);
        line_.show(share, work_.read, work_.speed.gives_way() ? "giving way to nd-writer" : "");
        return {};
    }

    [[nodiscard]] double gave_way_s() const {
        return std::chrono::duration<double>(gave_way_).count();
    }

  private:
    void watch_live(clock::time_point now) {
        if (work_.speed.gives_way()) gave_way_ += now - watched_at_;
        watched_at_ = now;
        if (const auto seen = live_->look(jobs_->connection()); !seen) {
            // Blind is no reason to be careless, nor to stop: the lanes meet the same trouble.
            base::log::warning("cannot see the live writer", {{"detail", seen.error().detail}});
            if (!jobs_->connection().usable()) reopen();
            return;
        }
        if (live_->late() > late_from) work_.speed.give_way(true);
        if (live_->late() < late_until) work_.speed.give_way(false);
    }

    void reopen() {
        auto jobs = job_store::open(work_.from);
        if (jobs) jobs_.emplace(std::move(*jobs));
    }

    replay_work& work_;
    std::int64_t whole_;
    progress_line line_;
    std::optional<job_store> jobs_;
    std::optional<live_watch> live_;
    clock::time_point beaten_at_;
    clock::time_point watched_at_ = clock::now();
    clock::duration gave_way_{};
};

struct lane_thread {
    replay_lane lane;
    base::result<> outcome;
    std::atomic<bool> ended{false};
    std::thread thread;

    explicit lane_thread(replay_work& work) : lane(work) {}
    void start(replay_work& work) {
        thread = std::thread([this, &work] {
            outcome = lane.run();
            if (!outcome) work.stop = true;
            ended = true;
        });
    }
};

base::result<> oversee(overseer& watch, replay_work& work,
                       const std::vector<std::unique_ptr<lane_thread>>& lanes) {
    const auto all_ended = [&lanes] {
        return std::ranges::all_of(lanes, [](const auto& one) { return one->ended.load(); });
    };
    while (!all_ended()) {
        if (auto looked = watch.look(); !looked) {
            work.stop = true;
            return looked;
        }
        for (auto until = clock::now() + look_every; clock::now() < until && !all_ended();)
            std::this_thread::sleep_for(5ms);
    }
    return {};
}

}  // namespace

base::result<replay_result> run_replay(const settings& from, const replay_spec& spec,
                                       std::vector<job_part> parts, const job_hold& hold,
                                       const replay_options& options) {
    if (auto given = require(from, {&settings::pepper_file}); !given) return given.error();
    auto pepper = read_pepper(from.pepper_file);
    if (!pepper) return pepper.error();
    auto on = open_writer(from);
    if (!on) return on.error();
    auto place = place_of(*on);
    if (!place) return place.error();
    auto dropped = dropped_weeks::load(*on);
    if (!dropped) return dropped.error();
    replay_filter filter{schema::parse_tenant_id(spec.tenant), spec.name, std::move(*dropped),
                         spec.force};
    pace speed(spec.rate);
    replay_work work{
        from, spec, std::move(filter), std::move(*pepper), std::move(*place), hold, options.dry_run,
        speed};
    std::int64_t whole = 0;
    for (const auto& part : parts)
        whole += part.end.value_or(part.next) - part.next;
    overseer watch(work, whole);
    if (auto opened = watch.open(); !opened) return opened.error();
    const auto count = lanes_of(options, parts.size());
    work.waiting = std::move(parts);
    const auto started = clock::now();
    std::vector<std::unique_ptr<lane_thread>> lanes;
    for (std::size_t i = 0; i < count; ++i)
        lanes.push_back(std::make_unique<lane_thread>(work));
    for (auto& one : lanes)
        one->start(work);
    auto ended = oversee(watch, work, lanes);
    for (auto& one : lanes) {
        one->thread.join();
        if (ended && !one->outcome) ended = one->outcome;
    }
    if (!ended) return ended.error();
    const std::chrono::duration<double> took = clock::now() - started;
    return replay_result{work.counts, std::move(work.hours), std::move(work.dead), took.count(),
                         watch.gave_way_s()};
}

}  // namespace nd::ops
