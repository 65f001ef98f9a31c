#include "workers/lane.hpp"

#include "base/log.hpp"
#include "workers/verdict.hpp"

#include <utility>

namespace nd::workers {
namespace {

// Deadlocks and serialization failures are tried again at once, but not for ever: whoever is on
// the other side needs a moment too.
constexpr int tries_at_once = 5;

}  // namespace

lane::lane(row_store& store, publish_dead publish, health& shown, writer_metrics& counts,
           lane_patience patience)
    : store_(store),
      publish_(std::move(publish)),
      health_(shown),
      metrics_(counts),
      patience_(patience),
      backoff_(patience.first, patience.longest),
      thread_([this] { run(); }) {}

lane::~lane() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        cancelled_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void lane::give(std::unique_ptr<parcel> load) {
    {
        const std::lock_guard lock(mutex_);
        job_ = std::move(load);
        cancelled_ = false;
        state_ = state::job;
    }
    changed_.notify_all();
}

void lane::store(std::unique_ptr<parcel> load) {
    give(std::move(load));
}

void lane::read_progress() {
    give(nullptr);
}

void lane::cancel() {
    {
        const std::lock_guard lock(mutex_);
        cancelled_ = true;
    }
    changed_.notify_all();
}

std::optional<lane_report> lane::take(std::chrono::milliseconds longest) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, longest, [&] { return state_ == state::reported; })) return {};
    state_ = state::idle;
    return std::move(report_);
}

void lane::run() {
    while (true) {
        std::unique_ptr<parcel> load;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [&] { return stopping_ || state_ == state::job; });
            if (stopping_) return;
            load = std::move(job_);
        }
        auto report = load ? do_store(std::move(load)) : do_read_progress();
        {
            const std::lock_guard lock(mutex_);
            report_ = std::move(report);
            state_ = state::reported;
        }
        changed_.notify_all();
    }
}

lane_report lane::do_store(std::unique_ptr<parcel> load) {
    for (int conflicts = 0;;) {
        const auto started = std::chrono::steady_clock::now();
        const auto outcome = deliver(*load, store_, publish_);
        if (outcome) {
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
            const auto now = std::chrono::system_clock::now();
            succeeded();
            metrics_.delivered_batch(*load, *outcome, now, took.count());
            health_.batch_stored(now);
            return {lane_report::what::stored, std::move(load), {}};
        }
        failed(outcome.error());
        bool go_on = true;
        switch (verdict_of(outcome.error())) {
            case verdict::again:
                if (++conflicts > tries_at_once) go_on = rest(backoff_.next(random_));
                break;
            case verdict::restart:
                store_.disconnect();
                return {lane_report::what::restart, std::move(load), {}};
            case verdict::park:
                park(outcome.error());
                go_on = rest(patience_.parked);
                break;
        }
        if (!go_on) break;
    }
    unpark();
    return {lane_report::what::dropped, std::move(load), {}};
}

lane_report lane::do_read_progress() {
    while (true) {
        // After a failure the connection is not made anew at once: that is where the waiting is.
        if (std::exchange(must_wait_, false) && !rest(backoff_.next(random_))) break;
        auto progress = store_.read_progress();
        if (progress) {
            // Reading may work where storing does not (a full disk): only a read without a failure
            // before it says that all is well.
            if (!std::exchange(failed_since_read_, false)) succeeded();
            unpark();
            return {lane_report::what::progress, nullptr, std::move(*progress)};
        }
        failed(progress.error());
        if (verdict_of(progress.error()) == verdict::park) {
            park(progress.error());
            if (!rest(patience_.parked)) break;
        }
        store_.disconnect();
    }
    unpark();
    return {};
}

void lane::succeeded() {
    backoff_.reset();
    must_wait_ = false;
    failed_since_read_ = false;
    health_.store_worked();
    unpark();
}

void lane::failed(const base::error& e) {
    must_wait_ = true;
    failed_since_read_ = true;
    metrics_.retried(class_of(e));
    health_.store_failed(e.detail, health::clock::now());
    base::log::warning(
        "not stored, to be tried again",
        {{"error", to_string(e.code)}, {"sqlstate", e.sqlstate}, {"detail", e.detail}});
}

void lane::park(const base::error& e) {
    if (!parked_.exchange(true)) {
        base::log::error("parked: nothing is stored until this is mended",
                         {{"sqlstate", e.sqlstate}, {"detail", e.detail}});
    }
    health_.parked(e.sqlstate.empty() ? e.detail : e.sqlstate + " " + e.detail);
    metrics_.parked(true);
}

void lane::unpark() {
    if (!parked_.exchange(false)) return;
    base::log::info("no longer parked");
    health_.unparked();
    metrics_.parked(false);
}

bool lane::rest(std::chrono::milliseconds wait) {
    std::unique_lock lock(mutex_);
    return !changed_.wait_for(lock, wait, [&] { return cancelled_; });
}

}  // namespace nd::workers
