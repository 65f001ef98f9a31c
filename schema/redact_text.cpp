#include "schema/redact_text.hpp"

#include "schema/fold_text.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

// After so many rounds a text is tangled on purpose.
constexpr int most_rounds = 4;
// A cut goes back to a space that is not farther than this.
constexpr std::size_t longest_word = 256;

// What a first look at a text finds, and which finders that concerns. Most names are a few plain
// words, which concern none.
enum glance : std::uint8_t {
    letter = 1,
    joins = 2,      // a token may have it inside
    digit = 4,      // numbers, accounts, tokens, what is announced
    address = 8,    // e-mail
    assigns = 16,   // URLs, what is announced
    unclear = 32,   // has to be folded first
    long_run = 64,  // of letters: tokens
};

constexpr std::array<std::uint8_t, 256> glances = [] {
    std::array<std::uint8_t, 256> made{};
    for (unsigned c = 0; c < made.size(); ++c)
        made[c] = c < ' ' || c >= 0x7f ? unclear : 0;
    for (const char c : std::string_view("-./_+~"))
        made[static_cast<unsigned char>(c)] = joins;
    for (const char c : std::string_view("@%"))
        made[static_cast<unsigned char>(c)] = address | joins;
    for (const char c : std::string_view("=:?"))
        made[static_cast<unsigned char>(c)] = assigns | joins;
    for (unsigned char c = '0'; c <= '9'; ++c)
        made[c] = digit;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        made[c] = made[c - 'a' + 'A'] = letter;
    return made;
}();

bool has_long_run(std::string_view text) noexcept {
    std::size_t run = 0;
    for (const char c : text) {
        const auto what = glances[static_cast<unsigned char>(c)];
        run = what == letter ? run + 1 : what == 0 ? 0 : run;
        if (run >= shortest_token) return true;
    }
    return false;
}

std::uint8_t look_at(std::string_view text) noexcept {
    unsigned seen = 0;
    for (const char c : text)
        seen |= glances[static_cast<unsigned char>(c)];
    seen &= ~(letter | joins);
    // With a digit all finders of runs are asked anyway.
    if (text.size() >= shortest_token && (seen & digit) == 0 && has_long_run(text))
        seen |= long_run;
    return static_cast<std::uint8_t>(seen);
}

void find_concerned(std::string_view looks, std::uint8_t seen, secret_spans& found) {
    if (seen & assigns) find_urls(looks, found);
    if (seen & address) find_emails(looks, found);
    if (seen & digit) find_accounts(looks, found);
    if (seen & (assigns | digit)) find_assignments(looks, found);
    if (seen & (digit | long_run)) find_tokens(looks, found);
    if (seen & digit) find_numbers(looks, found);
}

// Those that touch or overlap become one, of the kind that was found first.
void merge(secret_spans& found) {
    std::ranges::stable_sort(found, {}, &secret_span::begin);
    std::size_t kept = 0;
    for (std::size_t i = 1; i < found.size(); ++i) {
        if (found[i].begin < found[kept].end)
            found[kept].end = std::max(found[kept].end, found[i].end);
        else
            found[++kept] = found[i];
    }
    if (!found.empty()) found.resize(kept + 1);
}

std::string without(const folded_text& text, const secret_spans& found, redaction_counts& counts) {
    std::string made;
    made.reserve(text.shown.size());
    std::size_t from = 0;
    for (const auto& one : found) {
        const std::size_t begin = text.place(one.begin);
        made.append(text.shown, from, begin - from);
        made += placeholder_of(one.kind);
        ++counts.secrets[static_cast<std::size_t>(one.kind)];
        from = text.place(one.end);
    }
    made.append(text.shown, from);
    return made;
}

// Half of a secret is one that nothing recognises: so the cut is between words.
void cut(std::string& text) {
    if (text.size() <= max_page_text) return;
    std::size_t end = max_page_text;
    while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80)
        --end;
    const std::size_t space = text.rfind(' ', end);
    if (space != std::string::npos && end - space <= longest_word) end = space;
    text.resize(end);
}

}  // namespace

bool is_harmless(std::string_view text) {
    if (text.size() > max_page_text) return false;
    const auto seen = look_at(text);
    if (seen == 0) return true;
    if ((seen & unclear) != 0) return false;
    secret_spans found;
    find_concerned(text, seen, found);
    return found.empty();
}

std::string redact_text(std::string_view text, redaction_counts& counts) {
    std::string now(text);
    if (is_harmless(text)) return now;
    secret_spans found;
    for (int round = 0; round < most_rounds; ++round) {
        const folded_text folded = fold_text(now);
        found.clear();
        find_concerned(folded.looks, look_at(folded.looks), found);
        if (found.empty() && folded.shown.size() <= max_page_text && folded.shown == now)
            return now;
        merge(found);
        now = without(folded, found, counts);
        cut(now);
    }
    ++counts.secrets[static_cast<std::size_t>(secret_kind::text)];
    return std::string(placeholder_of(secret_kind::text));
}

}  // namespace nd::schema
