#include "model/go_duration.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace nd::model {
namespace {

struct unit {
    std::string_view name;
    double milliseconds;
};
// Longer names first where one begins like another; both ways to write the micro sign.
constexpr std::array<unit, 8> units{{{"ms", 1},
                                     {"ns", 1e-6},
                                     {"us", 1e-3},
                                     {"\xc2\xb5s", 1e-3},
                                     {"\xce\xbcs", 1e-3},
                                     {"h", 3'600'000},
                                     {"m", 60'000},
                                     {"s", 1000}}};
constexpr double longest = 24.0 * 3'600'000;

std::optional<double> take_unit(std::string_view& rest) {
    for (const auto& one : units) {
        if (!rest.starts_with(one.name)) continue;
        rest.remove_prefix(one.name.size());
        return one.milliseconds;
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_go_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    double sum = 0;
    for (auto rest = text; !rest.empty();) {
        double amount = 0;
        const auto* begin = rest.data();
        const auto [stop, ec] =
            std::from_chars(begin, begin + rest.size(), amount, std::chars_format::fixed);
        if (ec != std::errc() || !(amount >= 0) || rest.front() == '-') return std::nullopt;
        rest.remove_prefix(static_cast<std::size_t>(stop - begin));
        const bool bare = rest.empty() && begin == text.data();
        const auto factor = bare ? std::optional(1000.0) : take_unit(rest);
        if (!factor) return std::nullopt;
        sum += amount * *factor;
    }
    if (!(sum <= longest)) return std::nullopt;
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(sum)));
}

}  // namespace nd::model
