// When the requests of an open-loop run are due: independent users make a Poisson process. The
// schedule never waits for an answer, so a slow server shows as latency, not as fewer requests
// (coordinated omission). Pure: time comes in as a value, randomness as an engine.
#pragma once

#include <chrono>
#include <random>

namespace nd::bench {

class arrivals {
  public:
    using time_point = std::chrono::steady_clock::time_point;

    // `per_second` above 0.
    arrivals(double per_second, time_point begin, std::mt19937_64& random)
        : gap_s_(per_second), random_(random), next_(begin) {
        advance();
    }

    [[nodiscard]] time_point next() const { return next_; }
    void advance() {
        next_ += std::chrono::duration_cast<std::chrono::steady_clock::duration>(
            std::chrono::duration<double>(gap_s_(random_)));
    }

  private:
    std::exponential_distribution<double> gap_s_;
    std::mt19937_64& random_;
    time_point next_;
};

}  // namespace nd::bench
