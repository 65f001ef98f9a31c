// The service's limits of requests and tokens a minute, and the headers that tell of them. A bucket
// each that fills evenly. Pure: time comes in.
#pragma once

#include "tests/openai/stub_message.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>

namespace nd::tests {

class stub_limits {
  public:
    using clock = std::chrono::steady_clock;

    stub_limits(std::int64_t requests, std::int64_t tokens)
        : requests_{"requests", requests}, tokens_{"tokens", tokens} {}

    // nullopt: taken. Otherwise in how many seconds there is room for it.
    [[nodiscard]] std::optional<double> take(std::int64_t tokens, clock::time_point now) {
        const auto wanted = static_cast<double>(tokens);
        const auto wait = std::max(requests_.wait(1, now), tokens_.wait(wanted, now));
        if (wait > 0) return wait;
        requests_.used += 1;
        tokens_.used += wanted;
        return std::nullopt;
    }
    void tell(stub_reply& of, clock::time_point now) {
        requests_.tell(of, now);
        tokens_.tell(of, now);
    }

  private:
    struct bucket {
        std::string name;
        std::int64_t limit;
        double used = 0;
        clock::time_point at{};

        void fill(clock::time_point now) {
            const std::chrono::duration<double> passed = now - at;
            used = std::max(0.0, used - passed.count() * static_cast<double>(limit) / 60);
            at = now;
        }
        [[nodiscard]] double wait(double wanted, clock::time_point now) {
            fill(now);
            const auto over = used + wanted - static_cast<double>(limit);
            return over <= 0 ? 0 : over * 60 / static_cast<double>(limit);
        }
        void tell(stub_reply& of, clock::time_point now) {
            fill(now);
            const auto all = static_cast<double>(limit);
            const auto ms = static_cast<std::int64_t>(used * 60'000 / all);
            // As Go prints a duration.
            const auto reset = ms < 1000     ? std::to_string(ms) + "ms"
                               : ms < 60'000 ? std::to_string(ms / 1000) + "s"
                                             : std::to_string(ms / 60'000) + "m" +
                                                   std::to_string(ms / 1000 % 60) + "s";
            of.headers.emplace_back("x-ratelimit-limit-" + name, std::to_string(limit));
            of.headers.emplace_back("x-ratelimit-remaining-" + name,
                                    std::to_string(static_cast<std::int64_t>(all - used)));
            of.headers.emplace_back("x-ratelimit-reset-" + name, reset);
        }
    };
    bucket requests_;
    bucket tokens_;
};

}  // namespace nd::tests
