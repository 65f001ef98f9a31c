// The ids of the contract as types of their own, so that a tenant can never stand where an event is
// meant.
#pragma once

#include "schema/uuid.hpp"

namespace nd::schema {

struct tenant_id {
    uuid value;
    friend bool operator==(const tenant_id&, const tenant_id&) = default;
    friend auto operator<=>(const tenant_id&, const tenant_id&) = default;
};

struct event_id {
    uuid value;
    friend bool operator==(const event_id&, const event_id&) = default;
    friend auto operator<=>(const event_id&, const event_id&) = default;
};

[[nodiscard]] inline std::optional<tenant_id> parse_tenant_id(std::string_view text) noexcept {
    const auto id = parse_uuid(text);
    return id ? std::optional<tenant_id>(tenant_id{*id}) : std::nullopt;
}
[[nodiscard]] inline std::string to_string(const tenant_id& id) {
    return to_string(id.value);
}
[[nodiscard]] inline std::string to_string(const event_id& id) {
    return to_string(id.value);
}

}  // namespace nd::schema

template <>
struct std::hash<nd::schema::tenant_id> {
    [[nodiscard]] std::size_t operator()(const nd::schema::tenant_id& id) const noexcept {
        return std::hash<nd::schema::uuid>{}(id.value);
    }
};
template <>
struct std::hash<nd::schema::event_id> {
    [[nodiscard]] std::size_t operator()(const nd::schema::event_id& id) const noexcept {
        return std::hash<nd::schema::uuid>{}(id.value);
    }
};
