// Every size and rate of the contract, in one place. Included by whoever enforces or documents one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace nd::schema {

inline constexpr std::size_t max_body = 1u << 20;          // bytes as sent
inline constexpr std::size_t max_decompressed = 8u << 20;  // bytes after gzip or zstd
inline constexpr unsigned max_zstd_window_log = 23;        // 8 MiB

inline constexpr std::size_t max_events = 1000;  // per request
inline constexpr std::size_t max_event_bytes = 32u << 10;
inline constexpr unsigned max_depth = 32;  // the event object itself is level 1
inline constexpr std::size_t max_number_length = 64;

// In bytes of UTF-8 after unescaping, as Postgres stores them.
inline constexpr std::size_t max_name_bytes = 200;
inline constexpr std::size_t max_session_id_bytes = 256;
inline constexpr std::size_t max_user_id_bytes = 256;
inline constexpr std::size_t max_page_bytes = 2048;

inline constexpr std::size_t max_page_elements = 5000;
inline constexpr std::size_t max_page_body = 1u << 20;  // as sent, and after decompression

inline constexpr std::int64_t max_future_us = 24ll * 3600 * 1'000'000;

// Requests per tenant in any 60 seconds; a row of nd.tenant_limits overrides the default.
enum class limit_class : std::uint8_t { events, schema, chat, read };
inline constexpr std::array limit_classes = {limit_class::events, limit_class::schema,
                                             limit_class::chat, limit_class::read};
inline constexpr std::uint32_t limit_window_seconds = 60;
inline constexpr std::uint32_t max_limit = 6000;

[[nodiscard]] constexpr std::uint32_t default_limit(limit_class which) noexcept {
    switch (which) {
        case limit_class::events: return 60;
        case limit_class::schema: return 10;
        case limit_class::chat: return 20;
        case limit_class::read: return 600;
    }
    return 0;
}

// The policy's name in RateLimit headers, in nd.tenant_limits and on ndctl's command line.
[[nodiscard]] constexpr std::string_view to_string(limit_class which) noexcept {
    switch (which) {
        case limit_class::events: return "events";
        case limit_class::schema: return "schema";
        case limit_class::chat: return "chat";
        case limit_class::read: return "read";
    }
    return "";
}

[[nodiscard]] constexpr std::optional<limit_class> parse_limit_class(
    std::string_view name) noexcept {
    for (const limit_class which : limit_classes) {
        if (to_string(which) == name) return which;
    }
    return std::nullopt;
}

}  // namespace nd::schema
