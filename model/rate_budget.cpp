#include "model/rate_budget.hpp"

#include <algorithm>
#include <cmath>

namespace nd::model {

using std::chrono::duration_cast;

double rate_budget::share::at_time(time_point now) const {
    if (now >= at + whole_in) return limit;
    const auto part =
        std::chrono::duration<double>(now - at) / std::chrono::duration<double>(whole_in);
    return left + (limit - left) * std::max(0.0, part);
}

// A wish beyond the limit waits for the whole of it: the service itself has the last word then.
rate_budget::milliseconds rate_budget::share::until(time_point now, double wanted) const {
    wanted = std::min(wanted, limit);
    if (!known || at_time(now) >= wanted) return milliseconds(0);
    if (limit <= left) return milliseconds(0);
    const double part = (wanted - left) / (limit - left);
    const auto ms = std::ceil(part * static_cast<double>(whole_in.count()));
    const auto when = at + milliseconds(static_cast<milliseconds::rep>(ms));
    return std::max(milliseconds(1), duration_cast<milliseconds>(when - now));
}

void rate_budget::share::take(const rate_reading::share& said, time_point now, double used_since) {
    if (!said.limit || !said.left) return;
    known = true;
    limit = static_cast<double>(*said.limit);
    left = std::clamp(static_cast<double>(*said.left) - used_since, 0.0, limit);
    at = now;
    // Without a word on when, a minute: that is what the limits are counted over.
    whole_in = said.whole_in.value_or(milliseconds(60'000));
    const double missing = limit - static_cast<double>(*said.left);
    if (missing > 0 && limit - left > missing)  // what is spent beyond it takes its time too
        whole_in = milliseconds(static_cast<milliseconds::rep>(
            static_cast<double>(whole_in.count()) * (limit - left) / missing));
    if (missing <= 0 && used_since > 0) whole_in = milliseconds(60'000);
}

void rate_budget::share::spend(time_point now, double amount) {
    if (!known) return;
    const double there = at_time(now);
    // The pace at which it fills stays the same.
    const double pace = limit > left && whole_in.count() > 0
                            ? (limit - left) / static_cast<double>(whole_in.count())
                            : limit / 60'000;
    left = std::max(0.0, there - amount);
    at = now;
    whole_in = milliseconds(static_cast<milliseconds::rep>(std::ceil((limit - left) / pace)));
}

rate_budget::answer rate_budget::may_start(time_point now, std::int64_t tokens) const {
    if (now < paused_until_) {
        const auto rest = duration_cast<milliseconds>(paused_until_ - now);
        return {verdict::wait, std::max(milliseconds(1), rest)};
    }
    if (under_way_ >= most_at_once_) return {verdict::busy, milliseconds(0)};
    const auto wait =
        std::max(requests_.until(now, 1), tokens_.until(now, static_cast<double>(tokens)));
    return wait.count() > 0 ? answer{verdict::wait, wait} : answer{};
}

rate_budget::call rate_budget::start(time_point now, std::int64_t tokens) {
    ++under_way_;
    const call made{++started_, tokens_started_, tokens};
    tokens_started_ += tokens;
    requests_.spend(now, 1);
    tokens_.spend(now, static_cast<double>(tokens));
    return made;
}

void rate_budget::end(time_point now, const call& which, const rate_reading& said) {
    --under_way_;
    if (which.number <= heard_) return;
    if (!said.requests.left && !said.tokens.left) return;
    heard_ = which.number;
    // What the service says holds for the moment when it took this call; later ones are not in it.
    requests_.take(said.requests, now, static_cast<double>(started_ - which.number));
    tokens_.take(said.tokens, now,
                 static_cast<double>(tokens_started_ - which.tokens_before - which.tokens));
}

void rate_budget::pause(time_point now, milliseconds span) {
    paused_until_ = std::max(paused_until_, now + span);
}

}  // namespace nd::model
