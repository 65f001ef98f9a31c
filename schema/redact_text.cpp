#include "schema/redact_text.hpp"

#include "schema/fold_text.hpp"

#include <algorithm>

namespace nd::schema {
namespace {

// After so many rounds a text is tangled on purpose.
constexpr int most_rounds = 4;
// A cut goes back to a space that is not farther than this.
constexpr std::size_t longest_word = 256;

// Most names are a few plain words, in which no finder finds anything: no digit, no mark of an
// address, nothing beyond ASCII, and no run of letters that is long enough for a token.
enum class glance : std::uint8_t { breaks, letter, joins, look_closer };

constexpr std::array<glance, 256> glances = [] {
    std::array<glance, 256> made{};
    made.fill(glance::look_closer);
    for (const char c : std::string_view(" !\"'(),*;<>?|[]{}"))
        made[static_cast<unsigned char>(c)] = glance::breaks;
    for (const char c : std::string_view("-./_+~"))
        made[static_cast<unsigned char>(c)] = glance::joins;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        made[c] = made[c - 'a' + 'A'] = glance::letter;
    return made;
}();

bool is_harmless(std::string_view text) noexcept {
    if (text.size() > max_page_text) return false;
    std::size_t run = 0;
    for (const char c : text) {
        switch (glances[static_cast<unsigned char>(c)]) {
            case glance::letter:
                if (++run >= shortest_token) return false;
                break;
            case glance::breaks: run = 0; break;
            case glance::joins: break;
            case glance::look_closer: return false;
        }
    }
    return true;
}

void find_all(std::string_view looks, secret_spans& found) {
    find_urls(looks, found);
    find_emails(looks, found);
    find_accounts(looks, found);
    find_assignments(looks, found);
    find_tokens(looks, found);
    find_numbers(looks, found);
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

std::string redact_text(std::string_view text, redaction_counts& counts) {
    if (is_harmless(text)) return std::string(text);
    std::string now(text);
    secret_spans found;
    for (int round = 0; round < most_rounds; ++round) {
        folded_text folded = fold_text(now);
        found.clear();
        find_all(folded.looks, found);
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
