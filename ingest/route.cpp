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
constexpr std::string_view receipts_advice = "this address takes no query parameters";

// "http://host/path" is the form that proxies use and every server must take (RFC 9112 3.2.2).
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!target.starts_with(scheme)) continue;
        const auto path = target.find('/', scheme.size());
        return path == std::string_view::npos ? "/" : target.substr(path);
    }
    return target;
}

// A misspelt ?validate=1 would store what its sender only wanted checked: so an unknown parameter
// is an error.
void read_query(std::string_view query, route& found) {
    while (!query.empty()) {
        const auto part = query.substr(0, query.find('&'));
        query.remove_prefix(part.size() + (part.size() < query.size() ? 1 : 0));
        const bool for_events = found.what == operation::post_events;
        if (for_events && part == "validate=1") {
            found.validate = true;
        } else if (for_events && part == "receipt=1") {
            found.receipt = true;
        } else if (!part.empty() &&
                   !(for_events && (part == "validate=0" || part == "receipt=0"))) {
            found.advice = for_events ? events_advice : receipts_advice;
            found.what = operation::bad_query;
            found.culprit = part.substr(0, part.find('='));
            return;
        }
    }
}

// One address: the method that it takes, and what that means there.
route by_method(verb method, verb taken, operation what, std::string_view allow) {
    if (method == verb::options) return {.what = operation::preflight, .allow = allow};
    if (method != taken) return {.what = operation::method_not_allowed, .allow = allow};
    return {.what = what};
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
    } else if (path.starts_with(receipts_path) && !token.empty() &&
               token.find('/') == std::string_view::npos) {
        found = by_method(method, verb::get, operation::get_receipt, receipts_allow);
        found.token = token;
    }
    const bool has_query = mark != std::string_view::npos;
    const bool reads_query =
        found.what == operation::post_events || found.what == operation::get_receipt;
    if (has_query && reads_query) read_query(target.substr(mark + 1), found);
    return found;
}

}  // namespace nd::ingest
