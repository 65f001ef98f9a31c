// Takes e-mail addresses, phone, card and account numbers, long runs of digits, tokens, keys and
// telling URLs out of a text that is kept. Pure; called by the page redactor for every name,
// section and title, and by redact_path. What it gives back it leaves as it is when asked again.
#pragma once

#include "schema/secret_span.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace nd::schema {

// Of a kept text, after redaction.
inline constexpr std::size_t max_page_text = 1024;

// What the redactor did, for metrics.
struct redaction_counts {
    std::array<std::uint32_t, secret_kind_count> secrets{};
    std::uint32_t path_ids = 0;       // segments of `page` that became `:id`
    std::uint32_t content_names = 0;  // names that became `[content]`
    std::uint32_t unknown_roles = 0;  // roles that became `generic`
};

// Whether redact_text would give the text back as it is, as a look at it in ASCII can tell: false
// for some texts that it would leave alone.
[[nodiscard]] bool is_harmless(std::string_view text);

// `text` is UTF-8. At most max_page_text bytes come back, cut between words where there are any.
[[nodiscard]] std::string redact_text(std::string_view text, redaction_counts& counts);

}  // namespace nd::schema
