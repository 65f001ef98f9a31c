// Why a whole request is refused: RFC 9457 problem details with a stable code. Made wherever a
// request fails; turned into HTTP by the edge only. The list is openapi.yaml's, which a test
// compares with it.
#pragma once

#include <boost/assert/source_location.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace nd::schema {

enum class problem_code : std::uint8_t {
    bad_request,             // 400 not HTTP as we read it
    bad_encoding,            // 400 the compressed body cannot be decoded
    not_json,                // 400
    missing_key,             // 401
    malformed_key,           // 401
    unknown_key,             // 401
    key_revoked,             // 401
    key_expired,             // 401
    origin_not_allowed,      // 403
    scope_missing,           // 403
    tenant_suspended,        // 403
    receipt_refused,         // 403 forged, cut, or another tenant's
    receipt_expired,         // 403
    not_found,               // 404
    method_not_allowed,      // 405
    request_timeout,         // 408
    body_too_large,          // 413
    too_many_events,         // 413
    too_many_elements,       // 413
    unsupported_media_type,  // 415
    unsupported_encoding,    // 415
    wrong_shape,             // 422
    empty_batch,             // 422
    no_event_accepted,       // 422
    wrong_page,              // 422 JSON, but no page structure
    empty_page,              // 422
    duplicate_ref,           // 422
    orphan_element,          // 422
    parent_cycle,            // 422
    rate_limited,            // 429
    headers_too_large,       // 431
    publish_refused,         // 500 Kafka refuses for good; an operator must act
    unavailable,             // 503 Kafka did not take it in time
    keys_unavailable,        // 503 the key is not cached and the database is away
    receipts_unavailable,    // 503 the database is away
    pages_unavailable,       // 503 the database is away
    busy,                    // 503 a bounded resource is full now
};
inline constexpr std::uint8_t problem_code_count = 37;

struct problem_kind {
    std::string_view code;  // the stable word on the wire
    std::uint16_t status;
    std::string_view title;
};
[[nodiscard]] const problem_kind& kind_of(problem_code code) noexcept;
[[nodiscard]] inline std::string_view to_string(problem_code code) noexcept {
    return kind_of(code).code;
}

// The `type` member: https://activationkit.com/problems/<code>, and the registered quota-exceeded
// type for rate_limited.
[[nodiscard]] std::string type_uri(problem_code code);

struct problem {
    problem_code code = problem_code::bad_request;
    std::string detail;   // one sentence that says what to change
    int retry_after = 0;  // seconds; 0 = no Retry-After
};

// Called by boost::system::result when value() is asked of a problem: a bug, so it throws.
[[noreturn]] void throw_exception_from_error(const problem& p, const boost::source_location& where);

}  // namespace nd::schema
