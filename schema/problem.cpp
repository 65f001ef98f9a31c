#include "schema/problem.hpp"

#include <array>
#include <stdexcept>

namespace nd::schema {
namespace {

constexpr std::array<problem_kind, problem_code_count> kinds = {{
    {"bad_request", 400, "The request is not HTTP"},
    {"bad_encoding", 400, "The body cannot be decoded"},
    {"not_json", 400, "The body is not JSON"},
    {"missing_key", 401, "No API key"},
    {"malformed_key", 401, "Malformed API key"},
    {"unknown_key", 401, "Unknown API key"},
    {"key_revoked", 401, "Revoked API key"},
    {"key_expired", 401, "Expired API key"},
    {"origin_not_allowed", 403, "Origin not allowed"},
    {"scope_missing", 403, "Scope missing"},
    {"tenant_suspended", 403, "Tenant suspended"},
    {"receipt_refused", 403, "Not a receipt of yours"},
    {"receipt_expired", 403, "Receipt expired"},
    {"not_found", 404, "Not found"},
    {"method_not_allowed", 405, "Method not allowed"},
    {"request_timeout", 408, "The request came too slowly"},
    {"body_too_large", 413, "The body is too large"},
    {"too_many_events", 413, "Too many events"},
    {"too_many_elements", 413, "Too many elements"},
    {"unsupported_media_type", 415, "Unsupported media type"},
    {"unsupported_encoding", 415, "Unsupported content encoding"},
    {"wrong_shape", 422, "JSON of the wrong shape"},
    {"empty_batch", 422, "No events"},
    {"no_event_accepted", 422, "No event accepted"},
    {"wrong_page", 422, "Not a page structure"},
    {"empty_page", 422, "No elements"},
    {"duplicate_ref", 422, "A ref stands there twice"},
    {"orphan_element", 422, "A parent is missing"},
    {"parent_cycle", 422, "Elements in a circle"},
    {"rate_limited", 429, "Rate limit reached"},
    {"headers_too_large", 431, "The headers are too large"},
    {"publish_refused", 500, "The events could not be published"},
    {"unavailable", 503, "Not stored, try again"},
    {"keys_unavailable", 503, "Keys cannot be checked now"},
    {"receipts_unavailable", 503, "Receipts cannot be looked up now"},
    {"pages_unavailable", 503, "Pages cannot be looked up now"},
    {"busy", 503, "Busy, try again"},
}};
static_assert(kinds.back().code == "busy");  // none is missing
static_assert(kinds[static_cast<std::size_t>(problem_code::rate_limited)].code == "rate_limited");

}  // namespace

const problem_kind& kind_of(problem_code code) noexcept {
    return kinds[static_cast<std::size_t>(code)];
}

std::string type_uri(problem_code code) {
    if (code == problem_code::rate_limited) {
        return "https://iana.org/assignments/http-problem-types#quota-exceeded";
    }
    return "https://activationkit.com/problems/" + std::string(kind_of(code).code);
}

void throw_exception_from_error(const problem& p, const boost::source_location& where) {
    throw std::logic_error(std::string("value() of a problem at ") + where.file_name() + ": " +
                           std::string(to_string(p.code)) + ": " + p.detail);
}

}  // namespace nd::schema
