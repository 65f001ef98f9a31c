// A UUID of any version, in the 36-character form that Postgres also prints. Used for tenants and
// events. Never made here: ids come from clients and from Postgres.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nd::schema {

inline constexpr std::size_t uuid_length = 36;

struct uuid {
    std::array<std::uint8_t, 16> bytes{};

    friend bool operator==(const uuid&, const uuid&) = default;
    friend auto operator<=>(const uuid&, const uuid&) = default;  // Postgres's order too: bytewise
};

// 8-4-4-4-12 hexadecimal digits of any case; everything else is nullopt (Postgres alone would also
// take braces and missing hyphens).
[[nodiscard]] std::optional<uuid> parse_uuid(std::string_view text) noexcept;

void write_uuid(const uuid& id, std::span<char, uuid_length> out) noexcept;  // lower case
[[nodiscard]] std::string to_string(const uuid& id);

}  // namespace nd::schema

template <>
struct std::hash<nd::schema::uuid> {
    [[nodiscard]] std::size_t operator()(const nd::schema::uuid& id) const noexcept;
};
