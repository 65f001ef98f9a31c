#include "model/rate_reading.hpp"

#include "model/go_duration.hpp"

#include <charconv>
#include <string>

namespace nd::model {
namespace {

std::optional<std::int64_t> count_of(std::string_view text) {
    std::int64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value);
    if (ec != std::errc() || stop != end || value < 0) return std::nullopt;
    return value;
}

rate_reading::share share_of(const base::http_headers& headers, const std::string& kind) {
    const auto header = [&](const char* what) {
        return base::header_of(headers, std::string("x-ratelimit-") + what + kind);
    };
    rate_reading::share made;
    made.limit = count_of(header("limit-"));
    made.left = count_of(header("remaining-"));
    made.whole_in = parse_go_duration(header("reset-"));
    // A limit of nothing is a gateway that does not know, not a service that serves nobody.
    if (made.limit == std::int64_t{0}) made = {};
    return made;
}

}  // namespace

rate_reading read_rate(const base::http_headers& headers) {
    return {share_of(headers, "requests"), share_of(headers, "tokens")};
}

}  // namespace nd::model
