// Latencies of a run, in buckets whose width is under 1 % of their value: any quantile of millions
// of samples from a few kilobytes. Used by the load generator; one thread, merged afterwards.
#pragma once

#include <chrono>
#include <cstdint>
#include <vector>

namespace nd::bench {

class histogram {
  public:
    void add(std::chrono::nanoseconds value);
    void add(const histogram& other);

    [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
    // The value that a share `q` (0 to 1) of the samples does not exceed; 0 without samples.
    [[nodiscard]] double quantile_ms(double q) const;
    [[nodiscard]] double max_ms() const;

  private:
    std::vector<std::uint64_t> buckets_;
    std::uint64_t count_ = 0;
    std::chrono::nanoseconds max_{0};
};

}  // namespace nd::bench
