// Words that announce a secret, and what follows them: password=..., "api_key": "...", Bearer ...
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"

#include <algorithm>
#include <array>

namespace nd::schema {
namespace {

constexpr std::array<std::string_view, 14> announcers = {
    "apikey", "api_key",    "api-key",  "bearer", "basic",  "cookie",  "password",
    "passwd", "passphrase", "passcode", "pwd",    "secret", "session", "token"};

// The first two letters of one of them: nearly all other places end here.
constexpr bool may_begin(char first, char second) {
    switch (lower(first)) {
        case 'a': return lower(second) == 'p';
        case 'b': return lower(second) == 'e' || lower(second) == 'a';
        case 'c':
        case 't': return lower(second) == 'o';
        case 'p': return lower(second) == 'a' || lower(second) == 'w';
        case 's': return lower(second) == 'e';
        default: return false;
    }
}
static_assert(std::ranges::all_of(announcers, [](auto w) { return may_begin(w[0], w[1]); }));

constexpr char_set initials("abcpstABCPST");
constexpr char_set blanks(" \"'");
constexpr char_set assigners("=:>");
constexpr char_set enders(" \"',;&<");
constexpr char_set version_marks("0123456789.~^");

bool starts_with_in_any_case(std::string_view text, std::string_view word) {
    return text.size() >= word.size() && std::equal(word.begin(), word.end(), text.begin(),
                                                    [](char a, char b) { return a == lower(b); });
}

std::size_t skip(std::string_view text, std::size_t at, const char_set& set, std::size_t most) {
    const std::size_t stop = std::min(text.size(), at + most);
    while (at < stop && set.has(text[at]))
        ++at;
    return at;
}

// Past what was taken out before.
std::size_t skip_placeholders(std::string_view text, std::size_t at) {
    for (std::size_t kind = 0; kind < secret_kind_count;) {
        const auto mark = placeholder_of(static_cast<secret_kind>(kind++));
        if (!text.substr(at).starts_with(mark)) continue;
        at += mark.size();
        kind = 0;
    }
    return at;
}

// ~0.7.1, as lists of packages have it behind the package's name.
bool is_version(std::string_view value) {
    return value.find('.') != std::string_view::npos &&
           std::ranges::all_of(value, [](char c) { return version_marks.has(c); });
}

// `text[at..]` is behind the word. "Password: required" is a label; a value after a colon has a
// digit in it, one after "=" or in quotes may be anything.
void judge(std::string_view text, std::size_t at, bool scheme, secret_spans& into) {
    constexpr std::size_t most_between = 3;
    std::size_t mark = skip(text, at, blanks, most_between);
    bool anything = false;
    if (mark < text.size() && (text[mark] == '=' || text[mark] == ':')) {
        anything = text[mark] == '=' || (mark > at && text[mark - 1] != ' ');
        mark = skip(text, mark, assigners, 2);
    } else if (!scheme || mark == at) {
        return;
    }
    const std::size_t begin = skip_placeholders(text, skip(text, mark, blanks, most_between));
    std::size_t end = begin;
    while (end < text.size() && !enders.has(text[end]))
        ++end;
    const auto value = text.substr(begin, end - begin);
    const std::size_t shortest = scheme ? 8 : 4;
    const bool digits =
        value.size() >= shortest && std::ranges::any_of(value, is_digit) && !is_version(value);
    if (digits || (anything && !value.empty())) into.push_back({begin, end, secret_kind::token});
}

}  // namespace

void find_assignments(std::string_view folded, secret_spans& into) {
    for (std::size_t at = 0; at + 1 < folded.size(); ++at) {
        if (!initials.has(folded[at]) || !may_begin(folded[at], folded[at + 1])) continue;
        for (const auto word : announcers) {
            if (!starts_with_in_any_case(folded.substr(at), word)) continue;
            const bool scheme = word == "bearer" || word == "basic";
            judge(folded, at + word.size(), scheme, into);
        }
    }
}

}  // namespace nd::schema
