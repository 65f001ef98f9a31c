// What the redactor takes out of a kept text: kinds of secrets, where one is, what stands in its
// place. Pure; made by the finders (find_*.cpp), used by redact_text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace nd::schema {

enum class secret_kind : std::uint8_t {
    email,
    phone,
    card,     // 13 to 19 digits with Luhn's checksum
    account,  // IBAN
    number,   // another run of digits
    token,    // keys, tokens, ids
    url,      // with credentials, a query, or data in it
    text,     // too tangled to be told apart
};
inline constexpr std::size_t secret_kind_count = 8;

[[nodiscard]] constexpr std::string_view to_string(secret_kind kind) noexcept {
    constexpr std::array<std::string_view, secret_kind_count> names = {
        "email", "phone", "card", "account", "number", "token", "url", "text"};
    return names[static_cast<std::size_t>(kind)];
}
// `[email]` and so on: no finder ever finds anything in one.
[[nodiscard]] constexpr std::string_view placeholder_of(secret_kind kind) noexcept {
    constexpr std::array<std::string_view, secret_kind_count> marks = {
        "[email]", "[phone]", "[card]", "[account]", "[number]", "[token]", "[url]", "[text]"};
    return marks[static_cast<std::size_t>(kind)];
}

struct secret_span {
    std::size_t begin = 0;
    std::size_t end = 0;
    secret_kind kind = secret_kind::text;
};
using secret_spans = std::vector<secret_span>;

// Each looks through a folded text (fold_text.hpp: a byte per character) and appends what it finds,
// in order. They may find the same thing; more is always safer than less.
void find_urls(std::string_view folded, secret_spans& into);
void find_emails(std::string_view folded, secret_spans& into);
void find_accounts(std::string_view folded, secret_spans& into);
void find_numbers(std::string_view folded, secret_spans& into);
inline constexpr std::size_t shortest_token = 12;  // letters; with digits among them it is 8
void find_tokens(std::string_view folded, secret_spans& into);
void find_assignments(std::string_view folded, secret_spans& into);  // password=...

}  // namespace nd::schema
