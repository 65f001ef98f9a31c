#include "tests/schema/batch_oracle.hpp"

#include "tests/schema/scan_support.hpp"

#include "schema/limits.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace nd::test {
namespace {

namespace json = boost::json;

// Boost.JSON refuses half surrogate pairs; to us they are JSON that cannot be stored. \ud800
// becomes \u0800, which changes nothing else about the text.
std::string without_surrogates(std::string text) {
    for (std::size_t at = text.find("\\u"); at != std::string::npos;
         at = text.find("\\u", at + 1)) {
        if (at + 2 < text.size() && (text[at + 2] == 'd' || text[at + 2] == 'D'))
            text[at + 2] = '0';
    }
    return text;
}

// Boost.JSON stops at an exponent that it cannot hold, and says nothing of what follows:
// 1e999999999 becomes 1e000000000, which is JSON as much or as little.
std::string without_exponents(std::string text) {
    const auto digit = [&](std::size_t at) {
        return at < text.size() && text[at] >= '0' && text[at] <= '9';
    };
    for (std::size_t at = text.find_first_of("eE", 1); at != std::string::npos;
         at = text.find_first_of("eE", at + 1)) {
        if (!digit(at - 1)) continue;
        std::size_t next = at + 1;
        if (next < text.size() && (text[next] == '+' || text[next] == '-')) ++next;
        for (; digit(next); ++next)
            text[next] = '0';
    }
    return text;
}

json::value parse(std::string_view text, boost::system::error_code& ec) {
    json::parse_options options;
    options.max_depth = 100'000;
    return json::parse({text.data(), text.size()}, ec, {}, options);
}

bool holds_nul(const json::value& value) {
    const auto in = [](std::string_view text) { return text.find('\0') != text.npos; };
    if (value.is_string()) return in(value.get_string());
    if (value.is_array()) return std::ranges::any_of(value.get_array(), holds_nul);
    if (!value.is_object()) return false;
    return std::ranges::any_of(value.get_object(), [&](const json::key_value_pair& member) {
        return in(member.key()) || holds_nul(member.value());
    });
}

bool same_text(const json::object& object, const char* member,
               const std::optional<std::string_view>& seen) {
    const json::value* value = object.if_contains(member);
    if (!value || value->is_null()) return !seen;
    return seen && value->is_string() && std::string_view(value->get_string()) == *seen;
}

bool same_properties(const json::object& object, std::string_view seen) {
    const json::value* value = object.if_contains("properties");
    boost::system::error_code ec;
    const json::value parsed = parse(seen, ec);
    if (ec || !parsed.is_object()) return false;
    if (!value || value->is_null()) return seen == "{}";
    return *value == parsed;
}

}  // namespace

std::string batch_oracle::disagreement(std::string_view body) {
    std::string text = padded(body);
    const auto verdict = scanner_.scan(text.data(), body.size(), noon);
    if (text.substr(body.size()) != std::string(schema::batch_padding, ']')) return "wrote too far";
    boost::system::error_code ec;
    const json::value whole =
        parse(without_exponents(without_surrogates(text.substr(0, body.size()))), ec);
    const bool is_json = !ec;
    if (!verdict) return of_problem(verdict.error(), is_json);
    if (!is_json) return "taken for JSON, but: " + ec.message();
    if (whole.at("events").as_array().size() !=
        verdict->accepted.size() + verdict->rejected.size()) {
        return "events without a verdict";
    }
    for (const auto& event : verdict->accepted) {
        if (std::string wrong = of_event(event); !wrong.empty()) return wrong;
    }
    return {};
}

std::string batch_oracle::of_problem(const schema::problem& problem, bool is_json) const {
    if (problem.detail.empty()) return "a problem without a detail";
    if (problem.code == schema::problem_code::too_many_events) return {};  // the rest is not read
    // The scanner has blanked such bytes in what the oracle saw.
    const bool not_utf8 = problem.detail.find("not UTF-8") != std::string::npos;
    if (not_utf8 || is_json == (problem.code != schema::problem_code::not_json)) return {};
    return "the oracle sees it differently: " + problem.detail;
}

std::string batch_oracle::of_event(const schema::event_view& event) {
    boost::system::error_code ec;
    const json::value value = parse(event.raw, ec);
    if (ec || !value.is_object()) return "an accepted event is no JSON object";
    const json::object& object = value.get_object();
    if (object.size() > 7) return "an accepted event has foreign members";
    if (event.raw.size() > schema::max_event_bytes) return "an accepted event is too large";
    if (!same_text(object, "name", event.name) || event.name.empty()) return "name differs";
    if (!same_text(object, "session_id", event.session_id)) return "session_id differs";
    if (!same_text(object, "user_id", event.user_id)) return "user_id differs";
    if (!same_text(object, "page", event.page)) return "page differs";
    if (!same_properties(object, event.properties)) return "properties differ";
    if (event.occurred_at.us > noon.us + schema::max_future_us) return "an event of the future";
    if (holds_nul(value)) return "an accepted event holds a NUL";
    const auto again = writer_.scan(event.raw);
    if (!again) return "the writer refuses what the edge accepted: " + again.error().detail;
    if (!(*again == event)) return "the writer reads another event than the edge";
    return {};
}

}  // namespace nd::test
