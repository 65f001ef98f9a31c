// How many calls may be under way, and when the next one may start: our own bound on concurrency,
// what the service says is left of its minute, and its word to wait. Pure: time comes in. One per
// process, asked by the enricher before each call; never blocks.
#pragma once

#include "model/rate_reading.hpp"

#include <chrono>
#include <cstdint>

namespace nd::model {

class rate_budget {
  public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using milliseconds = std::chrono::milliseconds;

    explicit rate_budget(int most_at_once) : most_at_once_(most_at_once) {}

    enum class verdict { now, wait, busy };
    struct answer {
        verdict what = verdict::now;
        milliseconds wait{0};  // for `wait`: ask again then
    };
    // May a call that may use so many tokens start? `busy`: when one under way has ended.
    [[nodiscard]] answer may_start(time_point now, std::int64_t tokens) const;

    struct call {
        std::int64_t number = 0;  // in the order of their starts
        std::int64_t tokens_before = 0;
        std::int64_t tokens = 0;
    };
    [[nodiscard]] call start(time_point now, std::int64_t tokens);
    // Each call ends once. What its answer says of the rate counts unless a later call's did so
    // before it.
    void end(time_point now, const call& which, const rate_reading& said);
    // The service asked to be left alone.
    void pause(time_point now, milliseconds span);

    [[nodiscard]] int under_way() const noexcept { return under_way_; }

  private:
    // A share fills up evenly until it is whole.
    struct share {
        bool known = false;
        double limit = 0;
        double left = 0;
        time_point at{};
        milliseconds whole_in{0};

        [[nodiscard]] double at_time(time_point now) const;
        [[nodiscard]] milliseconds until(time_point now, double wanted) const;
        void take(const rate_reading::share& said, time_point now, double used_since);
        void spend(time_point now, double amount);
    };

    int most_at_once_;
    int under_way_ = 0;
    std::int64_t started_ = 0;
    std::int64_t tokens_started_ = 0;
    std::int64_t heard_ = 0;  // the latest call whose answer was taken
    time_point paused_until_{};
    share requests_;
    share tokens_;
};

}  // namespace nd::model
