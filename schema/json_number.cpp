#include "schema/json_number.hpp"

#include "schema/limits.hpp"

#include <charconv>
#include <system_error>

namespace nd::schema {
namespace {

const char* skip_digits(const char* at, const char* end) {
    while (at != end && *at >= '0' && *at <= '9')
        ++at;
    return at;
}

// jsonb keeps a number as numeric and writes it out in full: seven characters such as 1e-9999 read
// back as ten thousand, so the small side has a bound as well as the large one. 0e-9999 is a zero
// for a double and still ten thousand characters for numeric, so the exponent is bounded by itself.
bool in_range(std::string_view token, const char* exponent, const char* end) {
    constexpr int widest = 400;
    if (*exponent == '+') ++exponent;
    int value = 0;
    if (std::from_chars(exponent, end, value).ec != std::errc() || value > widest ||
        value < -widest) {
        return false;
    }
    double number = 0;
    return std::from_chars(token.data(), end, number).ec == std::errc();
}

}  // namespace

number_verdict judge_number(std::string_view token) noexcept {
    const char* at = token.data();
    const char* const end = at + token.size();
    if (at != end && *at == '-') ++at;
    const char* const whole = at;
    at = skip_digits(at, end);
    if (at == whole || (*whole == '0' && at - whole > 1)) return number_verdict::not_json;
    if (at != end && *at == '.') {
        const char* const fraction = ++at;
        at = skip_digits(at, end);
        if (at == fraction) return number_verdict::not_json;
    }
    const char* exponent = nullptr;
    if (at != end && (*at == 'e' || *at == 'E')) {
        exponent = ++at;
        if (at != end && (*at == '+' || *at == '-')) ++at;
        const char* const digits = at;
        at = skip_digits(at, end);
        if (at == digits) return number_verdict::not_json;
    }
    if (at != end) return number_verdict::not_json;
    if (token.size() > max_number_length) return number_verdict::too_long;
    // 64 characters without an exponent cannot leave the range of a double.
    if (exponent && !in_range(token, exponent, end)) return number_verdict::out_of_range;
    return number_verdict::fine;
}

}  // namespace nd::schema
