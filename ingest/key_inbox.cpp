#include "ingest/key_inbox.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace nd::ingest {

namespace asio = boost::asio;

using io_executor = asio::io_context::executor_type;
using io_timer =
    asio::basic_waitable_timer<key_inbox::clock, asio::wait_traits<key_inbox::clock>, io_executor>;

// One request that waits. The timer lives in its coroutine: the keeper may be the last to let go of
// this, on its own thread and after the io_context has gone. Timer and outcome are touched on that
// io_context only: the keeper posts there.
struct key_inbox::waiter {
    io_executor on;
    io_timer* timer = nullptr;
    std::optional<lookup_outcome> outcome;
};

// For as long as the coroutine waits, whichever way it ends.
class key_inbox::waiting {
  public:
    waiting(waiter& who, io_timer& timer) : who_(who) { who_.timer = &timer; }
    ~waiting() { who_.timer = nullptr; }
    waiting(const waiting&) = delete;

  private:
    waiter& who_;
};

namespace {

lookup_outcome outcome_of(key_miss what) {
    return what == key_miss::revoked ? lookup_outcome::revoked : lookup_outcome::absent;
}

}  // namespace

std::optional<lookup_outcome> key_inbox::known_miss(const key_hash& hash) {
    const std::scoped_lock held(lock_);
    const auto miss = misses_.find(hash, clock::now());
    return miss ? std::optional(outcome_of(*miss)) : std::nullopt;
}

base::task<lookup_outcome> key_inbox::look_up(key_hash hash, clock::duration longest) {
    const auto executor = co_await asio::this_coro::executor;
    const auto me = std::make_shared<waiter>(waiter{.on = executor, .outcome = {}});
    if (const auto at_once = enrol(hash, me)) co_return *at_once;
    // The outcome is posted to this thread's io_context, so it cannot come between enrolling and
    // waiting.
    io_timer timer(executor, longest);
    const waiting here(*me, timer);
    boost::system::error_code ended;
    constexpr asio::use_awaitable_t<io_executor> use_task;
    co_await timer.async_wait(asio::redirect_error(use_task, ended));
    co_return me->outcome.value_or(lookup_outcome::unavailable);
}

std::optional<lookup_outcome> key_inbox::enrol(const key_hash& hash,
                                               const std::shared_ptr<waiter>& who) {
    const auto now = clock::now();
    const std::scoped_lock held(lock_);
    if (const auto miss = misses_.find(hash, now)) return outcome_of(*miss);
    if (stop_ || !reachable_) return lookup_outcome::unavailable;
    if (const auto asked = asked_.find(hash); asked != asked_.end()) {
        asked->second.push_back(who);
        return std::nullopt;
    }
    if (!misses_.may_ask(now)) return lookup_outcome::unavailable;
    asked_[hash].push_back(who);
    wanted_.push_back(hash);
    wake_.notify_one();
    return std::nullopt;
}

void key_inbox::answer(const waiters& all, lookup_outcome outcome) {
    for (const auto& one : all) {
        asio::post(one->on, [one, outcome] {
            one->outcome = outcome;
            if (one->timer != nullptr) one->timer->cancel();
        });
    }
}

void key_inbox::tenant_changed(const schema::tenant_id& tenant) {
    const std::scoped_lock held(lock_);
    changed_.insert(tenant);
    wake_.notify_one();
}

void key_inbox::everything_changed() {
    const std::scoped_lock held(lock_);
    everything_ = true;
    wake_.notify_one();
}

key_inbox::mail key_inbox::wait_until(clock::time_point deadline) {
    std::unique_lock held(lock_);
    wake_.wait_until(held, deadline, [this] {
        return stop_ || everything_ || !changed_.empty() || !wanted_.empty();
    });
    mail taken{.wanted = std::exchange(wanted_, {}),
               .changed = {changed_.begin(), changed_.end()},
               .everything = std::exchange(everything_, false),
               .stop = stop_};
    changed_.clear();
    return taken;
}

void key_inbox::settle(const key_hash& hash, lookup_outcome outcome) {
    waiters all;
    {
        const std::scoped_lock held(lock_);
        if (outcome == lookup_outcome::absent) {
            misses_.remember(hash, key_miss::absent, clock::now());
        }
        if (outcome == lookup_outcome::revoked) {
            misses_.remember(hash, key_miss::revoked, clock::now());
        }
        if (const auto asked = asked_.extract(hash)) all = std::move(asked.mapped());
    }
    answer(all, outcome);
}

void key_inbox::reachable(bool yes) {
    const std::scoped_lock held(lock_);
    reachable_ = yes;
    if (!yes) turn_away();
}

void key_inbox::stop() {
    const std::scoped_lock held(lock_);
    stop_ = true;
    turn_away();
    wake_.notify_all();
    wake_pause_.notify_all();
}

bool key_inbox::pause(clock::duration longest) {
    std::unique_lock held(lock_);
    return wake_pause_.wait_for(held, longest, [this] { return stop_; });
}

bool key_inbox::stopping() const {
    const std::scoped_lock held(lock_);
    return stop_;
}

void key_inbox::turn_away() {
    for (const auto& [hash, all] : asked_)
        answer(all, lookup_outcome::unavailable);
    asked_.clear();
    wanted_.clear();
}

}  // namespace nd::ingest
