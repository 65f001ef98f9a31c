// When a call that failed is tried again. Pure: randomness comes in, waiting is the caller's.
#pragma once

#include "model/api_fault.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>

namespace nd::model {

struct retry_rule {
    std::chrono::milliseconds first{500};
    std::chrono::milliseconds longest{60'000};
};

// `tries` had this outcome so far, 1 after the first. Doubling waits with a jitter of up to a
// quarter; what the service asks for is a lower bound, stretched by up to a tenth so that not
// everybody comes back in the same instant. nullopt: never by itself. For `unknown`, whether it may
// be sent again at all is the caller's decision; this is then how long to wait.
template <class Engine>
[[nodiscard]] std::optional<std::chrono::milliseconds> next_try(const api_fault& why, int tries,
                                                                const retry_rule& rule,
                                                                Engine& engine) {
    using milliseconds = std::chrono::milliseconds;
    if (why.what != fate::retry && why.what != fate::wait && why.what != fate::unknown)
        return std::nullopt;
    std::uniform_real_distribution<double> random(0, 1);
    const auto scaled = [](milliseconds whole, double factor) {
        return milliseconds(
            static_cast<milliseconds::rep>(static_cast<double>(whole.count()) * factor));
    };
    const auto doubled = rule.first * (1LL << std::clamp(tries - 1, 0, 20));
    const auto wait =
        scaled(std::min<milliseconds>(rule.longest, doubled), 1 - 0.25 * random(engine));
    if (!why.after) return wait;
    return std::max(wait, scaled(*why.after, 1 + 0.1 * random(engine)));
}

}  // namespace nd::model
