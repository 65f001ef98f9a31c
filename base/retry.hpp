// When to try again: exponential backoff with full jitter (0.5x to 1x), one policy for every
// environment that can be away. Pure: the caller supplies randomness and does the waiting.
#pragma once

#include <algorithm>
#include <chrono>
#include <random>

namespace nd::base {

class backoff {
  public:
    using milliseconds = std::chrono::milliseconds;

    constexpr backoff(milliseconds first, milliseconds longest)
        : first_(first), longest_(longest) {}

    // The next wait; doubles up to the longest.
    template <class Engine>
    [[nodiscard]] milliseconds next(Engine& engine) {
        const auto doubled = first_.count() << std::min(tries_, 20);
        const auto whole = std::min(longest_, milliseconds(doubled));
        ++tries_;
        std::uniform_int_distribution<milliseconds::rep> jitter(whole.count() / 2, whole.count());
        return milliseconds(jitter(engine));
    }
    void reset() { tries_ = 0; }
    [[nodiscard]] int tries() const { return tries_; }

  private:
    milliseconds first_;
    milliseconds longest_;
    int tries_ = 0;
};

}  // namespace nd::base
