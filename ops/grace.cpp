#include "ops/grace.hpp"

#include <fmt/format.h>

#include <charconv>

namespace nd::ops {
namespace {

constexpr std::int64_t longest = 10ll * 366 * 86'400;

std::int64_t seconds_per(char unit) {
    switch (unit) {
        case 's': return 1;
        case 'm': return 60;
        case 'h': return 3600;
        case 'd': return 86'400;
        default: return 0;
    }
}

}  // namespace

base::result<std::chrono::seconds> parse_grace(std::string_view text) {
    const auto refuse = [text] {
        return base::failure(
            base::errc::invalid,
            fmt::format("\"{}\" is not a time span: write 0, 90s, 30m, 1h, 24h or 7d", text));
    };
    std::int64_t count = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, count);
    if (ec != std::errc() || count < 0 || count > longest) return refuse();
    if (stop == end)
        return count == 0 ? base::result<std::chrono::seconds>(std::chrono::seconds(0)) : refuse();
    const auto unit = seconds_per(*stop);
    if (unit == 0 || stop + 1 != end || count > longest / unit) return refuse();
    return std::chrono::seconds(count * unit);
}

}  // namespace nd::ops
