#include "bench/rate_search.hpp"

#include <algorithm>

namespace nd::bench {
namespace {

constexpr double least_share = 1.0 / 16;  // of the first try: below it there is nothing to find

}  // namespace

std::optional<double> rate_search::next() const {
    if (good_ >= highest_) return std::nullopt;
    if (bad_ && (*bad_ <= first_ * least_share || (*bad_ - good_) <= precision_ * *bad_))
        return std::nullopt;
    if (bad_ && (next_ <= good_ || next_ >= *bad_)) return std::nullopt;  // no number in between
    return next_;
}

void rate_search::tried(double rate, bool held) {
    if (held)
        good_ = std::max(good_, rate);
    else
        bad_ = bad_ ? std::min(*bad_, rate) : rate;
    next_ = bad_ ? (good_ + *bad_) / 2 : std::min(good_ * 2, highest_);
}

}  // namespace nd::bench
