#include "schema/redact_path.hpp"

#include "schema/fold_text.hpp"
#include "schema/folded_char.hpp"
#include "schema/limits.hpp"
#include "schema/utf8.hpp"

#include <algorithm>
#include <optional>

namespace nd::schema {
namespace {

constexpr std::string_view id_mark = ":id";
constexpr int most_decodings = 3;  // %2540 is %40 is @

unsigned hex_value(char c) {
    return is_digit(c) ? static_cast<unsigned>(c - '0')
                       : static_cast<unsigned>(lower(c) - 'a') + 10;
}

// nullopt: a percent sign without its two digits, or bytes that are not UTF-8.
std::optional<std::string> decoded(std::string_view segment) {
    std::string made;
    for (std::size_t at = 0; at < segment.size(); ++at) {
        if (segment[at] != '%') {
            made += segment[at];
            continue;
        }
        if (at + 2 >= segment.size() || !is_hex(segment[at + 1]) || !is_hex(segment[at + 2]))
            return std::nullopt;
        made += static_cast<char>(hex_value(segment[at + 1]) << 4 | hex_value(segment[at + 2]));
        at += 2;
    }
    for (std::string_view rest = made; !rest.empty();) {
        const std::size_t length = utf8_character(rest);
        if (length == 0) return std::nullopt;
        rest.remove_prefix(length);
    }
    return made;
}

// Three digits in a row, four in all, or nothing but digits: a number of something.
bool has_numbers(std::string_view looks) {
    std::size_t all = 0;
    std::size_t row = 0;
    std::size_t longest = 0;
    for (const char c : looks) {
        row = is_digit(c) ? row + 1 : 0;
        all += is_digit(c) ? 1 : 0;
        longest = std::max(longest, row);
    }
    return longest >= 3 || all >= 4 || (all > 0 && all == looks.size());
}

// Eight hexadecimal digits with a figure among them, as short ids are.
bool is_short_hex(std::string_view looks) {
    constexpr std::size_t shortest = 7;
    return looks.size() >= shortest && std::ranges::all_of(looks, is_hex) &&
           std::ranges::any_of(looks, is_digit);
}

// Figures among small and capital letters.
bool is_mixed(std::string_view looks) {
    return std::ranges::any_of(looks, is_digit) && std::ranges::any_of(looks, is_lower) &&
           std::ranges::any_of(looks, is_upper);
}

// Marks that no route of a product has, but values do.
bool has_values(std::string_view looks) {
    return looks.find_first_of("@;=&?#\"'<>{}[]|\\^` ,!$*()~") != std::string_view::npos;
}

bool is_route(std::string_view segment) {
    std::string text(segment);
    for (int i = 0; text.find('%') != std::string::npos; ++i) {
        auto once = decoded(text);
        if (!once || i == most_decodings) return false;
        text = *std::move(once);
    }
    if (text.find('/') != std::string::npos && segment.find('/') == std::string_view::npos)
        return false;  // an escaped slash
    const folded_text folded = fold_text(text);
    if (folded.shown != text || has_values(folded.looks) || has_numbers(folded.looks) ||
        is_short_hex(folded.looks) || is_mixed(folded.looks))
        return false;
    redaction_counts ignored;
    return redact_text(text, ignored) == text;
}

std::string_view without_host(std::string_view page) {
    const auto scheme = page.find("://");
    const auto slash = page.find_first_of("/\\");
    if (scheme != std::string_view::npos && slash == scheme + 1)
        page.remove_prefix(scheme + 3);
    else if (page.starts_with("//"))
        page.remove_prefix(2);
    else
        return page;
    const auto path = page.find('/');
    return path == std::string_view::npos ? "" : page.substr(path);
}

}  // namespace

std::string redact_path(std::string_view page, redaction_counts& counts) {
    page = page.substr(0, page.find_first_of("?#"));
    page = without_host(page);
    std::string made;
    std::size_t at = 0;
    while (at < page.size() && page[at] == '/')
        ++at;
    while (at <= page.size()) {
        const auto segment = page.substr(at, std::min(page.find('/', at), page.size()) - at);
        at += segment.size() + 1;
        const bool route = segment == id_mark || is_route(segment);
        if (!route) ++counts.path_ids;
        const std::string_view kept = route ? segment : id_mark;
        if (made.size() + 1 + kept.size() > max_page_bytes) break;
        made += '/';
        made += kept;
    }
    return made;
}

}  // namespace nd::schema
