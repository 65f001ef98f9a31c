#include "bench/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>

namespace nd::bench {
namespace {

constexpr unsigned sub_bits = 7;  // 128 buckets for each power of two
constexpr std::uint64_t linear = std::uint64_t{1} << (sub_bits + 1);

double to_ms(double ns) {
    return ns / 1e6;
}

std::size_t bucket_of(std::uint64_t ns) {
    if (ns < linear) return static_cast<std::size_t>(ns);
    const auto shift = static_cast<unsigned>(std::bit_width(ns)) - sub_bits - 1;
    return (static_cast<std::size_t>(shift) << sub_bits) + static_cast<std::size_t>(ns >> shift);
}

double upper_edge(std::size_t bucket) {
    if (bucket < linear) return static_cast<double>(bucket + 1);
    const auto shift = (bucket >> sub_bits) - 1;
    const auto mantissa = bucket - (shift << sub_bits);
    return std::ldexp(static_cast<double>(mantissa + 1), static_cast<int>(shift));
}

}  // namespace

void histogram::add(std::chrono::nanoseconds value) {
    const auto ns = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.count()));
    const auto bucket = bucket_of(ns);
    if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
    ++buckets_[bucket];
    ++count_;
    max_ = std::max(max_, value);
}

void histogram::add(const histogram& other) {
    if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
    for (std::size_t i = 0; i < other.buckets_.size(); ++i)
        buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    max_ = std::max(max_, other.max_);
}

double histogram::quantile_ms(double q) const {
    const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
    std::uint64_t so_far = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        so_far += buckets_[i];
        if (so_far >= std::max<std::uint64_t>(1, wanted))
            return std::min(to_ms(upper_edge(i)), max_ms());
    }
    return 0;
}

double histogram::max_ms() const {
    return to_ms(static_cast<double>(max_.count()));
}

}  // namespace nd::bench
