// Numbers that can belong to somebody: cards, phones, accounts, identities, addresses of machines,
// dates of birth. Six digits in a row are one, and so are as many with separators between them.
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"

#include <string>

namespace nd::schema {
namespace {

constexpr std::size_t most_between = 3;  // separators between two digits of a number
constexpr std::size_t fewest_digits = 6;
constexpr std::size_t fewest_with_dots = 7;  // 20.17.16 is a version

constexpr char_set separators(" -.()/+,_':;*#~|\\[]\x81");  // folded_mark is the last one
static_assert(separators.has(folded_mark));
constexpr char_set openers("+(");

bool separates(char c) {
    return separators.has(c);
}

// The digit that the number goes on with after the one at `at`, or `at`.
std::size_t next_digit(std::string_view text, std::size_t at) {
    for (std::size_t next = at + 1; next < text.size() && next - at <= most_between + 1; ++next) {
        if (is_digit(text[next])) return next;
        if (!separates(text[next])) break;
    }
    return at;
}

bool has_luhn_sum(std::string_view digits) {
    unsigned sum = 0;
    bool twice = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
        unsigned value = static_cast<unsigned>(*at - '0') * (twice ? 2 : 1);
        if (value > 9) value -= 9;
        sum += value;
        twice = !twice;
    }
    return sum % 10 == 0;
}

struct number {
    std::size_t begin;
    std::size_t last;
    std::string digits;
    bool dots_only = true;

    [[nodiscard]] bool tells() const {
        const std::size_t run = last + 1 - begin;
        const bool in_a_row = run == digits.size();
        return digits.size() >= (dots_only && !in_a_row ? fewest_with_dots : fewest_digits);
    }
    [[nodiscard]] secret_kind kind(char before) const {
        constexpr std::size_t shortest_card = 13;
        constexpr std::size_t longest_card = 19;
        constexpr std::size_t longest_phone = 15;
        if (digits.size() >= shortest_card && digits.size() <= longest_card && has_luhn_sum(digits))
            return secret_kind::card;
        const bool international = before == '+' || before == '(' || digits.starts_with("00");
        const bool spaced = last + 1 - begin > digits.size() && !dots_only;
        return digits.size() <= longest_phone && (international || spaced) ? secret_kind::phone
                                                                           : secret_kind::number;
    }
};

number read_number(std::string_view text, std::size_t begin) {
    number made{begin, begin, std::string(1, text[begin])};
    for (;;) {
        const std::size_t next = next_digit(text, made.last);
        if (next == made.last) return made;
        if (next != made.last + 1 && !(next == made.last + 2 && text[made.last + 1] == '.'))
            made.dots_only = false;
        made.last = next;
        made.digits += text[next];
    }
}

// Version 5.1.23456789 has few digits in all but many in a row.
bool has_long_run(std::string_view text) {
    std::size_t run = 0;
    for (const char c : text) {
        run = is_digit(c) ? run + 1 : 0;
        if (run >= fewest_digits) return true;
    }
    return false;
}

}  // namespace

void find_numbers(std::string_view folded, secret_spans& into) {
    for (std::size_t at = 0; at < folded.size(); ++at) {
        if (!is_digit(folded[at])) continue;
        const number found = read_number(folded, at);
        std::size_t begin = found.begin;
        const char before = begin > 0 ? folded[begin - 1] : ' ';
        if (found.tells() || has_long_run(folded.substr(begin, found.last + 1 - begin))) {
            while (begin > 0 && openers.has(folded[begin - 1]))
                --begin;
            into.push_back({begin, found.last + 1, found.kind(before)});
        }
        at = found.last;
    }
}

}  // namespace nd::schema
