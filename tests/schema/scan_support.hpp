// What the scanner's tests share: a batch from text, its verdict as owned values, and events to
// break.
#pragma once

#include "schema/batch.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nd::test {

inline constexpr schema::instant noon{1'772'366'400'000'000};  // 2026-03-01T12:00:00Z

// The padding holds what would be JSON: a scanner that used it would answer differently.
inline std::string padded(std::string_view body) {
    std::string text(body);
    text.append(schema::batch_padding, ']');
    return text;
}

// "accepted" or the code of the only event's rejection, or the code of the whole request's problem.
inline std::string verdict_of(std::string_view body, std::string* detail = nullptr) {
    static schema::batch_scanner scanner;
    std::string text = padded(body);
    const auto verdict = scanner.scan(text.data(), body.size(), noon);
    if (!verdict) {
        if (detail) *detail = verdict.error().detail;
        return std::string(to_string(verdict.error().code));
    }
    if (verdict->rejected.empty()) return "accepted";
    if (detail) *detail = verdict->rejected.front().detail;
    return std::string(to_string(verdict->rejected.front().code));
}

inline std::string batch_of(std::string_view events) {
    return "{\"events\":[" + std::string(events) + "]}";
}

inline constexpr std::string_view an_id = R"("event_id":"018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f")";
inline constexpr std::string_view a_time = R"("occurred_at":"2026-03-01T12:00:00Z")";
inline constexpr std::string_view a_name = R"("name":"element_clicked")";

// An event of the three required members and what else is given, for example `"page":null`.
inline std::string event_with(std::string_view more) {
    std::string event =
        "{" + std::string(an_id) + "," + std::string(a_time) + "," + std::string(a_name);
    if (!more.empty()) event += "," + std::string(more);
    return event + "}";
}

inline std::string verdict_of_event(std::string_view event, std::string* detail = nullptr) {
    return verdict_of(batch_of(event), detail);
}
inline std::string verdict_with(std::string_view more, std::string* detail = nullptr) {
    return verdict_of_event(event_with(more), detail);
}

}  // namespace nd::test
