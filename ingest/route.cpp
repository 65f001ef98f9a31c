#include "ingest/route.hpp"

namespace nd::ingest {
namespace {

using boost::beast::http::verb;

constexpr std::string_view events_path = "/v1/events";
constexpr std::string_view events_allow = "POST, OPTIONS";

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
        if (part == "validate=1") {
            found.validate = true;
        } else if (part != "validate=0" && !part.empty()) {
            found.what = operation::bad_query;
            found.culprit = part.substr(0, part.find('='));
            return;
        }
    }
}

}  // namespace

route find_route(verb method, std::string_view target) {
    target = without_authority(target);
    const auto mark = target.find('?');
    const auto path = target.substr(0, mark);
    if (method == verb::options && path == "*") return {operation::preflight, false, events_allow};
    if (path != events_path) return {};
    if (method == verb::options) return {operation::preflight, false, events_allow};
    if (method != verb::post) return {operation::method_not_allowed, false, events_allow};
    route found{operation::post_events};
    if (mark != std::string_view::npos) read_query(target.substr(mark + 1), found);
    return found;
}

}  // namespace nd::ingest
