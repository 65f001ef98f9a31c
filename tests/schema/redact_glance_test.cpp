// redact_text asks only those finders that its first look at a text calls for. Here all of them are
// asked about every text: it must have changed exactly those in which one finds something.
#include "schema/fold_text.hpp"
#include "schema/folded_char.hpp"
#include "schema/redact_text.hpp"
#include "tests/schema/planted_secrets.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <string>

using namespace nd::schema;
using nd::test::secret_maker;

namespace {

// Letters in a row; marks that a token may have inside neither count nor end it.
std::size_t longest_run(std::string_view looks) {
    constexpr std::string_view inside = "-./_+~@%=:?";
    std::size_t longest = 0;
    std::size_t run = 0;
    for (const char c : looks) {
        if (is_alpha(c))
            longest = std::max(longest, ++run);
        else if (inside.find(c) == std::string_view::npos)
            run = 0;
    }
    return longest;
}

bool holds_something(std::string_view text) {
    const auto folded = fold_text(text);
    secret_spans found;
    find_urls(folded.looks, found);
    find_emails(folded.looks, found);
    find_accounts(folded.looks, found);
    find_assignments(folded.looks, found);
    find_numbers(folded.looks, found);
    // Fewer letters than that, and no digit among them, are nobody's token.
    if (std::ranges::any_of(folded.looks, is_digit) || longest_run(folded.looks) >= shortest_token)
        find_tokens(folded.looks, found);
    return !found.empty() || folded.shown != text || text.size() > max_page_text;
}

// Of UTF-8, cut between characters.
std::string_view first_of(std::string_view text, std::size_t size) {
    size = std::min(size, text.size());
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
        ++size;
    return text.substr(0, size);
}

// Words, pieces of secrets and of what announces them, and characters at random.
std::string some_text(secret_maker& from) {
    constexpr std::array alphabets = {"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
                                      "0123456789", " .-_/:=@%?+,;\"'&<>()[]#~|*",
                                      "abcdefABCDEF0123456789"};
    constexpr std::array pieces = {
        "password", "Token: ",  "api_key=", "Bearer ", "://",      "data:",        "%40",
        "@host",    "DE89 ",    "4111 11",  "sk_live", "eyJ",      "AKIA",         "?x=",
        "+49 170",  "[email]",  "session",  "basic ",  "deadbeef", "\xe2\x80\x8b", "\xef\xbc\x97",
        "Import",   "Settings", "of the ",  "v5.1.14", "\xc3\xa4"};
    std::string made;
    const auto count = 1 + from.below(6);
    for (std::size_t i = 0; i < count; ++i) {
        switch (from.below(5)) {
            case 0: made += pieces.at(from.below(pieces.size())); break;
            case 1: made += first_of(from.make().text, from.below(24)); break;
            case 2: made += ' '; break;
            default: made += from.some(alphabets.at(from.below(alphabets.size())), from.below(14));
        }
    }
    return made;
}

}  // namespace

TEST_CASE("exactly those texts change in which a finder finds something, asked or not") {
    secret_maker random(20261125);
    std::size_t changed = 0;
    std::size_t kept = 0;
    for (int i = 0; i < 200'000; ++i) {
        const auto text = some_text(random);
        redaction_counts counts;
        const bool changes = redact_text(text, counts) != text;
        if (changes != holds_something(text)) {
            CAPTURE(text);
            CHECK(changes == holds_something(text));
        }
        (changes ? changed : kept) += 1;
    }
    CHECK(changed > 20'000);
    CHECK(kept > 20'000);
}
