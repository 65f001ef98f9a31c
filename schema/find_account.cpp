// International bank account numbers: a country, its length, a checksum; blocks may stand apart.
// National ones are runs of digits, which find_number takes.
#include "schema/folded_char.hpp"
#include "schema/secret_span.hpp"

#include <array>

namespace nd::schema {
namespace {

struct country {
    std::string_view code;
    std::size_t length;
};

constexpr std::array countries = {
    country{"ad", 24}, country{"ae", 23}, country{"al", 28}, country{"at", 20}, country{"az", 28},
    country{"ba", 20}, country{"be", 16}, country{"bg", 22}, country{"bh", 22}, country{"bi", 27},
    country{"br", 29}, country{"by", 28}, country{"ch", 21}, country{"cr", 22}, country{"cy", 28},
    country{"cz", 24}, country{"de", 22}, country{"dj", 27}, country{"dk", 18}, country{"do", 28},
    country{"ee", 20}, country{"eg", 29}, country{"es", 24}, country{"fi", 18}, country{"fk", 18},
    country{"fo", 18}, country{"fr", 27}, country{"gb", 22}, country{"ge", 22}, country{"gi", 23},
    country{"gl", 18}, country{"gr", 27}, country{"gt", 28}, country{"hn", 28}, country{"hr", 21},
    country{"hu", 28}, country{"ie", 22}, country{"il", 23}, country{"iq", 23}, country{"is", 26},
    country{"it", 27}, country{"jo", 30}, country{"kw", 30}, country{"kz", 20}, country{"lb", 28},
    country{"lc", 32}, country{"li", 21}, country{"lt", 20}, country{"lu", 20}, country{"lv", 21},
    country{"ly", 25}, country{"mc", 27}, country{"md", 24}, country{"me", 22}, country{"mk", 19},
    country{"mn", 20}, country{"mr", 27}, country{"mt", 31}, country{"mu", 30}, country{"ni", 28},
    country{"nl", 18}, country{"no", 15}, country{"om", 23}, country{"pk", 24}, country{"pl", 28},
    country{"ps", 29}, country{"pt", 25}, country{"qa", 29}, country{"ro", 24}, country{"rs", 22},
    country{"ru", 33}, country{"sa", 24}, country{"sc", 31}, country{"sd", 18}, country{"se", 24},
    country{"si", 19}, country{"sk", 24}, country{"sm", 27}, country{"so", 23}, country{"st", 25},
    country{"sv", 28}, country{"tl", 23}, country{"tn", 24}, country{"tr", 26}, country{"ua", 29},
    country{"va", 22}, country{"vg", 24}, country{"xk", 20}, country{"ye", 30},
};

constexpr char_set between_blocks(" -.");
constexpr std::size_t most_between = 2;  // blanks or dashes between two blocks

std::size_t length_in(char first, char second) {
    for (const auto& one : countries) {
        if (one.code[0] == lower(first) && one.code[1] == lower(second)) return one.length;
    }
    return 0;
}

// ISO 7064: the number after its first four characters have moved to the end, modulo 97.
class checksum {
  public:
    void add(char c) {
        if (is_digit(c))
            rest_ = (rest_ * 10 + static_cast<unsigned>(c - '0')) % 97;
        else
            rest_ = (rest_ * 100 + static_cast<unsigned>(lower(c) - 'a') + 10) % 97;
    }
    [[nodiscard]] bool holds() const { return rest_ == 1; }

  private:
    unsigned rest_ = 0;
};

// Where an account that starts at `begin` ends; 0: there is none.
std::size_t account_end(std::string_view text, std::size_t begin) {
    const std::size_t length = length_in(text[begin], text[begin + 1]);
    if (length == 0) return 0;
    std::array<char, 34> characters{};
    std::size_t count = 0;
    std::size_t between = 0;
    std::size_t at = begin;
    for (; at < text.size() && count < length; ++at) {
        if (is_alnum(text[at])) {
            characters[count++] = text[at];
            between = 0;
        } else if (!between_blocks.has(text[at]) || ++between > most_between) {
            return 0;
        }
    }
    if (count < length) return 0;
    checksum sum;
    for (std::size_t i = 4; i < length; ++i)
        sum.add(characters[i]);
    for (std::size_t i = 0; i < 4; ++i)
        sum.add(characters[i]);
    return sum.holds() ? at : 0;
}

// Two letters and two digits, with a blank in between at most.
bool may_begin(std::string_view text, std::size_t at) {
    if (at + 4 >= text.size() || !is_alpha(text[at]) || !is_alpha(text[at + 1])) return false;
    if (at > 0 && is_alpha(text[at - 1])) return false;
    const std::size_t digits = at + 2 + (between_blocks.has(text[at + 2]) ? 1 : 0);
    return is_digit(text[digits]) && is_digit(text[digits + 1]);
}

}  // namespace

void find_accounts(std::string_view folded, secret_spans& into) {
    for (std::size_t at = 0; at < folded.size(); ++at) {
        if (!may_begin(folded, at)) continue;
        // One may begin inside of what only looks like one: sums are right by chance, too.
        if (const std::size_t end = account_end(folded, at))
            into.push_back({at, end, secret_kind::account});
    }
}

}  // namespace nd::schema
