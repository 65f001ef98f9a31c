// Which bytes of a text are not UTF-8. Only called after simdjson found that some are not: simdjson
// judges a document as a whole, and a batch needs the verdict for each event.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace nd::schema {

// Length of the well-formed character at the front of `text` (not empty), 0 if it is ill-formed.
// Table 3-7 of the Unicode standard: no surrogates, no overlong forms, nothing beyond U+10FFFF.
[[nodiscard]] std::size_t utf8_character(std::string_view text) noexcept;

class bad_utf8 {
  public:
    void clear() noexcept { bad_.clear(); }
    [[nodiscard]] bool any() const noexcept { return !bad_.empty(); }

    // Overwrites each offending byte with '?' and remembers where it was. Every such byte is 0x80
    // or above, so no quote, brace or backslash appears or goes away: the document keeps its
    // structure.
    void blank(char* text, std::size_t size);

    // The first offending place in [begin, end), or `end`.
    [[nodiscard]] std::size_t first_in(std::size_t begin, std::size_t end) const noexcept;

  private:
    std::vector<bool> bad_;  // a bit per byte: bounded, however many bytes are bad
};

}  // namespace nd::schema
