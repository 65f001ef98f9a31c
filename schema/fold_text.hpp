// A text as it looks rather than as it is spelt: invisible characters (zero width, direction marks,
// variation selectors, tags) are gone, and for the finders each character that is left is one byte,
// with wide, mathematical and foreign forms of letters and digits as the ASCII that they look like.
// Pure; called by redact_text and redact_path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nd::schema {

// Stand for what has no ASCII form.
inline constexpr char folded_letter = '\x80';  // anything that may be part of a word
inline constexpr char folded_mark = '\x81';    // punctuation, symbols

struct folded_text {
    std::string shown;  // UTF-8: what is kept
    std::string looks;  // a byte per character of `shown`
    std::vector<std::uint32_t>
        places;  // where each begins in `shown`, and its end; empty: all ASCII

    [[nodiscard]] std::size_t place(std::size_t character) const noexcept {
        return places.empty() ? character : places[character];
    }
};

// `text` is UTF-8. Control characters and line ends become spaces.
[[nodiscard]] folded_text fold_text(std::string_view text);

}  // namespace nd::schema
