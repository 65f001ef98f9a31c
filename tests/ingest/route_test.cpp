#include "ingest/route.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace nd::ingest;
using boost::beast::http::verb;

TEST_CASE("the request line finds its operation") {
    const struct {
        const char* target;
        verb method;
        operation what;
    } table[] = {
        {"/v1/events", verb::post, operation::post_events},
        {"http://example.com/v1/events", verb::post, operation::post_events},
        {"https://example.com:8443/v1/events?validate=1", verb::post, operation::post_events},
        {"/v1/events", verb::options, operation::preflight},
        {"/v1/events?validate=1", verb::options, operation::preflight},
        {"*", verb::options, operation::preflight},
        {"/v1/receipts/ndr_x", verb::get, operation::get_receipt},
        {"http://example.com/v1/receipts/%20", verb::get, operation::get_receipt},
        {"/v1/receipts/ndr_x?", verb::get, operation::get_receipt},
        {"/v1/receipts/ndr_x?validate=1", verb::get, operation::bad_query},
        {"/v1/receipts/ndr_x?receipt=0", verb::get, operation::bad_query},
        {"/v1/receipts/ndr_x", verb::post, operation::method_not_allowed},
        {"/v1/receipts/ndr_x", verb::head, operation::method_not_allowed},
        {"/v1/receipts/ndr_x", verb::options, operation::preflight},
        {"/v1/receipts/", verb::get, operation::not_found},
        {"/v1/receipts", verb::get, operation::not_found},
        {"/v1/receipts/a/b", verb::get, operation::not_found},
        {"/v1/schema", verb::post, operation::post_page},
        {"/v1/schema?", verb::post, operation::post_page},
        {"/v1/schema?x", verb::post, operation::bad_query},
        {"/v1/schema", verb::head, operation::bad_query},
        {"/v1/schema?fp=12", verb::head, operation::bad_query},
        {"/v1/schema", verb::options, operation::preflight},
        {"/v1/schema", verb::get, operation::get_page},
        {"/v1/schema", verb::put, operation::method_not_allowed},
        {"/v1/schema/", verb::post, operation::not_found},
        {"/v1/events", verb::get, operation::method_not_allowed},
        {"/v1/events", verb::head, operation::method_not_allowed},
        {"/v1/events", verb::put, operation::method_not_allowed},
        {"/v1/events", verb::unknown, operation::method_not_allowed},
        {"/", verb::get, operation::not_found},
        {"/v1/events/", verb::post, operation::not_found},
        {"/v1/Events", verb::post, operation::not_found},
        {"/v1//events", verb::post, operation::not_found},
        {"/v1/%65vents", verb::post, operation::not_found},
        {"/elsewhere", verb::options, operation::not_found},
        {"http://example.com", verb::post, operation::not_found},
        {"example.com:443", verb::connect, operation::not_found},
        {"*", verb::post, operation::not_found},
    };
    for (const auto& row : table) {
        CAPTURE(row.target);
        CHECK(find_route(row.method, row.target).what == row.what);
    }
}

TEST_CASE("receipt is understood beside validate, and a receipt's token is what stands behind") {
    CHECK(find_route(verb::post, "/v1/events?receipt=1").receipt);
    CHECK_FALSE(find_route(verb::post, "/v1/events?receipt=0").receipt);
    CHECK_FALSE(find_route(verb::post, "/v1/events").receipt);
    const auto both = find_route(verb::post, "/v1/events?receipt=1&validate=1");
    CHECK(both.what == operation::post_events);
    CHECK(both.receipt);
    CHECK(both.validate);
    CHECK(find_route(verb::post, "/v1/events?receipt=2").culprit == "receipt");
    CHECK(find_route(verb::get, "/v1/receipts/ndr_abc-_?").token == "ndr_abc-_");
    CHECK(find_route(verb::put, "/v1/receipts/ndr_abc").allow == "GET, OPTIONS");
    CHECK(find_route(verb::options, "/v1/receipts/ndr_abc").allow == "GET, OPTIONS");
}

TEST_CASE("HEAD of pages wants one fingerprint, and nothing else") {
    const std::string fingerprint = "0123456789abcdefABCDEF" + std::string(42, '0');
    const std::string target = "/v1/schema?fp=" + fingerprint;
    const auto found = find_route(verb::head, target);
    CHECK(found.what == operation::head_page);
    CHECK(found.fingerprint == fingerprint);
    CHECK(find_route(verb::put, "/v1/schema").allow == "GET, POST, HEAD, OPTIONS");
    const std::array wrong{target + "0", "/v1/schema?fp=g" + fingerprint.substr(1),
                           target + "&fp=" + fingerprint, target + "&x=1",
                           std::string("/v1/schema?fp=")};
    for (const auto& query : wrong) {
        CAPTURE(query);
        CHECK(find_route(verb::head, query).what == operation::bad_query);
    }
}

TEST_CASE("GET of pages takes a route, or lists them") {
    const auto one = find_route(verb::get, "/v1/schema?page=%2Fsettings%2F12");
    CHECK(one.what == operation::get_page);
    CHECK(one.page == "%2Fsettings%2F12");
    CHECK(find_route(verb::get, "/v1/schema").what == operation::get_page);
    CHECK_FALSE(find_route(verb::get, "/v1/schema").page.has_value());
    for (const auto* query : {"?pages=/a", "?page=/a&page=/b", "?fp=00", "?page=/a&x=1"}) {
        CAPTURE(query);
        const std::string target = std::string("/v1/schema") + query;
        CHECK(find_route(verb::get, target).what == operation::bad_query);
    }
}

TEST_CASE("validate is understood, anything else in the query is an error that names it") {
    CHECK(find_route(verb::post, "/v1/events?validate=1").validate);
    CHECK_FALSE(find_route(verb::post, "/v1/events?validate=0").validate);
    CHECK_FALSE(find_route(verb::post, "/v1/events?").validate);
    CHECK(find_route(verb::post, "/v1/events?").what == operation::post_events);
    for (const auto* query :
         {"?validate=true", "?validate=", "?validate", "?validate=1&x=y", "?valdate=1", "?x", "?=1",
          "?validate=11", "?validate=1&validate=2"}) {
        CAPTURE(query);
        CHECK(find_route(verb::post, std::string("/v1/events") + query).what ==
              operation::bad_query);
    }
    CHECK(find_route(verb::post, "/v1/events?valdate=1").culprit == "valdate");
}
