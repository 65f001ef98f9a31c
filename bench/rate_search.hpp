// Finds the highest rate that a system holds: doubles until a try fails, then halves the gap. Pure:
// the caller tries a rate and says whether it held.
#pragma once

#include <algorithm>
#include <optional>

namespace nd::bench {

class rate_search {
  public:
    // `precision`: how close (as a share of the rate) the last good and the first bad try may stay.
    // `first` above 0; never tries more than `highest`.
    rate_search(double first, double highest, double precision)
        : first_(std::min(first, highest)),
          next_(first_),
          highest_(highest),
          precision_(precision) {}

    // The rate to try now; nullopt when the answer is known.
    [[nodiscard]] std::optional<double> next() const;
    void tried(double rate, bool held);
    // The highest rate that held; 0 when none did.
    [[nodiscard]] double best() const noexcept { return good_; }

  private:
    double first_;
    double next_;
    double highest_;
    double precision_;
    double good_ = 0;
    std::optional<double> bad_;
};

}  // namespace nd::bench
