// What a byte of a folded text is. Used by the finders.
#pragma once

#include "schema/fold_text.hpp"

#include <array>
#include <string_view>

namespace nd::schema {

[[nodiscard]] constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_lower(char c) noexcept {
    return c >= 'a' && c <= 'z';
}
[[nodiscard]] constexpr bool is_upper(char c) noexcept {
    return c >= 'A' && c <= 'Z';
}
[[nodiscard]] constexpr bool is_alpha(char c) noexcept {
    return is_lower(c) || is_upper(c);
}
[[nodiscard]] constexpr bool is_alnum(char c) noexcept {
    return is_alpha(c) || is_digit(c);
}
[[nodiscard]] constexpr bool is_hex(char c) noexcept {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
[[nodiscard]] constexpr char lower(char c) noexcept {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}
// Some ASCII characters and marks of a folded text; asking costs one look.
class char_set {
  public:
    consteval explicit char_set(std::string_view members) {
        for (const char c : members)
            has_[static_cast<unsigned char>(c)] = true;
    }
    [[nodiscard]] constexpr bool has(char c) const noexcept {
        return has_[static_cast<unsigned char>(c)];
    }

  private:
    std::array<bool, 256> has_{};
};

}  // namespace nd::schema
