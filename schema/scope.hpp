// What a key may do. A key holds a set of scopes; a route asks for one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::schema {

enum class scope : std::uint8_t { events, schema, chat };
inline constexpr std::array scopes = {scope::events, scope::schema, scope::chat};

[[nodiscard]] constexpr std::string_view to_string(scope which) noexcept {
    switch (which) {
        case scope::events: return "events";
        case scope::schema: return "schema";
        case scope::chat: return "chat";
    }
    return "";
}

[[nodiscard]] constexpr std::optional<scope> parse_scope(std::string_view name) noexcept {
    for (const scope which : scopes) {
        if (to_string(which) == name) return which;
    }
    return std::nullopt;
}

class scope_set {
  public:
    constexpr scope_set& add(scope which) noexcept {
        bits_ = static_cast<std::uint8_t>(bits_ | bit(which));
        return *this;
    }
    [[nodiscard]] constexpr bool has(scope which) const noexcept {
        return (bits_ & bit(which)) != 0;
    }
    [[nodiscard]] constexpr bool empty() const noexcept { return bits_ == 0; }
    friend constexpr bool operator==(scope_set, scope_set) = default;

  private:
    [[nodiscard]] static constexpr std::uint8_t bit(scope which) noexcept {
        return static_cast<std::uint8_t>(1u << static_cast<unsigned>(which));
    }
    std::uint8_t bits_ = 0;
};

}  // namespace nd::schema
