#include "ingest/route.hpp"

#include <algorithm>

namespace nd::ingest {
namespace {

using boost::beast::http::verb;

constexpr std::string_view events_path = "/v1/events";
constexpr std::string_view events_allow = "POST, OPTIONS";
constexpr std::string_view events_advice = "the query parameters are validate and receipt, 0 or 1";
constexpr std::string_view receipts_path = "/v1/receipts/";
constexpr std::string_view receipts_allow = "GET, OPTIONS";
constexpr std::string_view pages_path = "/v1/schema";
constexpr std::string_view pages_allow = "GET, POST, HEAD, OPTIONS";
constexpr std::string_view pages_advice =
    "GET takes the query parameter page, HEAD takes fp, a fingerprint of 64 hexadecimal digits, "
    "and "
    "POST takes none";
constexpr std::string_view no_advice = "this address takes no query parameters";
constexpr std::size_t fingerprint_length = 64;

// "http://host/path" is the form that proxies use and every server must take (RFC 9112 3.2.2).
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        const auto path = target.find('/', scheme.size());
        return path == std::string_view::npos ? "/" : target.substr(path);
    }
    return target;
}

route refused_query(std::string_view part, std::string_view advice) {
    return {
        .what = operation::bad_query, .culprit = part.substr(0, part.find('=')), .advice = advice};
}

// What one parameter means; false: nothing.
bool read_event_parameter(std::string_view part, route& found) {
    if (part == "validate=1")
        found.validate = true;
    else if (part == "receipt=1")
        found.receipt = true;
    else
        return part == "validate=0" || part == "receipt=0";
    return true;
}

bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool read_page_parameter(std::string_view part, route& found) {
    constexpr std::string_view name = "fp=";
    const auto value = part.substr(std::min(part.size(), name.size()));
    if (!part.starts_with(name) || value.size() != fingerprint_length ||
        !std::ranges::all_of(value, is_hex) || !found.fingerprint.empty())
        return false;
    found.fingerprint = value;
    return true;
}

bool read_route_parameter(std::string_view part, route& found) {
    constexpr std::string_view name = "page=";
    if (!part.starts_with(name) || found.page) return false;
    found.page = part.substr(name.size());
    return true;
}

bool read_parameter(std::string_view part, route& found) {
    if (found.what == operation::post_events) return read_event_parameter(part, found);
    if (found.what == operation::get_page) return read_route_parameter(part, found);
    return found.what == operation::head_page && read_page_parameter(part, found);
}

std::string_view advice_for(operation what) {
    switch (what) {
        case operation::post_events: return events_advice;
        case operation::post_page:
        case operation::get_page:
        case operation::head_page: return pages_advice;
        default: return no_advice;
    }
}

// A misspelt ?validate=1 would store what its sender only wanted checked: so an unknown parameter
// is an error.
void read_query(std::string_view query, route& found) {
    const auto advice = advice_for(found.what);
    while (!query.empty()) {
        const auto part = query.substr(0, query.find('&'));
        query.remove_prefix(part.size() + (part.size() < query.size() ? 1 : 0));
        if (part.empty() || read_parameter(part, found)) continue;
        found = refused_query(part, advice);
        return;
    }
}

// One address: the method that it takes, and what that means there.
route by_method(verb method, verb taken, operation what, std::string_view allow) {
    if (method == verb::options) return {.what = operation::preflight, .allow = allow};
    if (method != taken) return {.what = operation::method_not_allowed, .allow = allow};
    return {.what = what};
}

route find_page_route(verb method) {
    if (method == verb::head) return {.what = operation::head_page};
    if (method == verb::get) return {.what = operation::get_page};
    return by_method(method, verb::post, operation::post_page, pages_allow);
}

bool reads_query(operation what) {
    return what != operation::not_found && what != operation::preflight &&
           what != operation::method_not_allowed;
}

}  // namespace

route find_route(verb method, std::string_view target) {
    target = without_authority(target);
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    const auto token = path.substr(std::min(path.size(), receipts_path.size()));
    route found;
    if (method == verb::options && path == "*") {
        return {.what = operation::preflight, .allow = events_allow};
    } else if (path == events_path) {
        found = by_method(method, verb::post, operation::post_events, events_allow);
    } else if (path == pages_path) {
        found = find_page_route(method);
    } else if (path.starts_with(receipts_path) && !token.empty() &&
               token.find('/') == std::string_view::npos) {
        found = by_method(method, verb::get, operation::get_receipt, receipts_allow);
        found.token = token;
    }
    if (mark != std::string_view::npos && reads_query(found.what))
        read_query(target.substr(mark + 1), found);
    if (found.what == operation::head_page && found.fingerprint.empty())
        return refused_query("fp", pages_advice);
    return found;
}

}  // namespace nd::ingest
