#include "schema/element_state.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

constexpr std::size_t most_values = 9;

struct known_state {
    std::string_view name;
    std::array<std::string_view, most_values> values;  // as JSON; empty ones are none
};

constexpr known_state flag(std::string_view name) {
    return {name, {"false", "true"}};
}

constexpr std::array known = {
    known_state{"autocomplete", {"\"none\"", "\"inline\"", "\"list\"", "\"both\""}},
    flag("busy"),
    known_state{"checked", {"false", "true", "\"mixed\""}},
    known_state{"current",
                {"false", "true", "\"page\"", "\"step\"", "\"location\"", "\"date\"", "\"time\""}},
    flag("disabled"),
    flag("expanded"),
    flag("focused"),
    known_state{"haspopup",
                {"false", "true", "\"menu\"", "\"listbox\"", "\"tree\"", "\"grid\"", "\"dialog\""}},
    flag("hidden"),
    known_state{"invalid", {"false", "true", "\"grammar\"", "\"spelling\""}},
    known_state{"level", {"1", "2", "3", "4", "5", "6", "7", "8", "9"}},
    known_state{"live", {"\"off\"", "\"polite\"", "\"assertive\""}},
    flag("modal"),
    flag("multiline"),
    flag("multiselectable"),
    known_state{"orientation", {"\"horizontal\"", "\"vertical\"", "\"undefined\""}},
    known_state{"pressed", {"false", "true", "\"mixed\""}},
    flag("readonly"),
    flag("required"),
    flag("selected"),
    known_state{"sort", {"\"none\"", "\"ascending\"", "\"descending\"", "\"other\""}},
};
constexpr std::size_t level_place = 10;
static_assert(known[level_place].name == "level");

bool equal_in_any_case(std::string_view text, std::string_view lower) noexcept {
    return std::ranges::equal(text, lower, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
    });
}

// HTML writes flags as strings, "true"; so a word matches with quotes or without.
std::string_view without_quotes(std::string_view json) noexcept {
    const bool quoted = json.size() >= 2 && json.front() == '"' && json.back() == '"';
    return quoted ? json.substr(1, json.size() - 2) : json;
}

}  // namespace

bool element_state::set(std::string_view name, std::string_view json_value) noexcept {
    static_assert(known.size() == known_states && known_states <= room);
    constexpr std::string_view prefix = "aria-";
    if (name.size() > prefix.size() && equal_in_any_case(name.substr(0, prefix.size()), prefix))
        name.remove_prefix(prefix.size());
    const auto found = std::ranges::find_if(
        known, [name](const known_state& one) { return equal_in_any_case(name, one.name); });
    if (found == known.end()) return false;
    const auto word = without_quotes(json_value);
    if (word.empty()) return false;
    const auto value = std::ranges::find_if(
        found->values, [word](std::string_view one) { return without_quotes(one) == word; });
    if (value == found->values.end()) return false;
    values_[static_cast<std::size_t>(found - known.begin())] =
        static_cast<std::uint8_t>(value - found->values.begin() + 1);
    return true;
}

unsigned element_state::level() const noexcept {
    return values_[level_place];  // the list counts from 1, as levels do
}

void element_state::append_json(std::string& to) const {
    char before = '{';
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (values_[i] == 0) continue;
        to += before;
        before = ',';
        to += '"';
        to += known[i].name;
        to += "\":";
        to += known[i].values[values_[i] - 1u];
    }
    if (before == '{') to += before;
    to += '}';
}

}  // namespace nd::schema
