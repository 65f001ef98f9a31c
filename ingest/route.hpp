// Request line -> which of the API's operations is meant. Pure; called by the session right after
// the head.
#pragma once

#include <ostream>  // Boost 1.81's verb.hpp uses it without saying so

#include <boost/beast/http/verb.hpp>

#include <optional>
#include <string_view>

namespace nd::ingest {

enum class operation {
    post_events,
    get_receipt,
    post_page,
    head_page,
    get_page,
    preflight,
    not_found,
    method_not_allowed,
    bad_query
};

struct route {
    operation what = operation::not_found;
    bool validate = false;                      // ?validate=1: verdicts only, nothing is stored
    bool receipt = false;                       // ?receipt=1: the 202 carries a receipt
    std::string_view token = {};                // for get_receipt, a view into the target
    std::string_view fingerprint = {};          // for head_page, 64 hexadecimal digits
    std::optional<std::string_view> page = {};  // for get_page; none: the list of them
    std::string_view allow = {};                // for preflight and method_not_allowed
    std::string_view culprit = {};  // for bad_query: the parameter, a view into the target
    std::string_view advice = {};   // for bad_query: which parameters there are
};

[[nodiscard]] route find_route(boost::beast::http::verb method, std::string_view target);

}  // namespace nd::ingest
