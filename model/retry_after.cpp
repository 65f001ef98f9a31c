#include "model/retry_after.hpp"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>

namespace nd::model {
namespace {

using std::chrono::milliseconds;
constexpr double longest = 24.0 * 3'600'000;

std::optional<double> number_of(std::string_view text) {
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (ec != std::errc() || stop != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<milliseconds> span_of(double ms) {
    if (ms < 0) return std::nullopt;
    return milliseconds(static_cast<milliseconds::rep>(std::ceil(std::min(ms, longest))));
}

// IMF-fixdate, the only form that HTTP lets anybody send.
std::optional<milliseconds> until_date(const std::string& text, std::time_t now) {
    std::tm parts{};
    const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return span_of(std::max(0.0, std::difftime(::timegm(&parts), now)) * 1000);
}

}  // namespace

std::optional<milliseconds> read_retry_after(const base::http_headers& headers, std::time_t now) {
    if (const auto ms = number_of(base::header_of(headers, "retry-after-ms")); ms && *ms >= 0)
        return span_of(*ms);
    const auto text = base::header_of(headers, "retry-after");
    if (text.empty()) return std::nullopt;
    if (const auto seconds = number_of(text)) return span_of(*seconds * 1000);
    return until_date(std::string(text), now);
}

std::optional<bool> read_should_retry(const base::http_headers& headers) {
    const auto text = base::header_of(headers, "x-should-retry");
    if (text == "true") return true;
    if (text == "false") return false;
    return std::nullopt;
}

}  // namespace nd::model
