#include "ingest/route.hpp"

#include <doctest/doctest.h>

using namespace nd::ingest;
using boost::beast::http::verb;

TEST_CASE("the request line finds its operation") {
    const struct {
        verb method;
        const char* target;
        operation what;
    } table[] = {
        {verb::post, "/v1/events", operation::post_events},
        {verb::post, "http://example.com/v1/events", operation::post_events},
        {verb::post, "https://example.com:8443/v1/events?validate=1", operation::post_events},
        {verb::options, "/v1/events", operation::preflight},
        {verb::options, "/v1/events?validate=1", operation::preflight},
        {verb::options, "*", operation::preflight},
        {verb::get, "/v1/receipts/ndr_x", operation::get_receipt},
        {verb::get, "http://example.com/v1/receipts/%20", operation::get_receipt},
        {verb::get, "/v1/receipts/ndr_x?", operation::get_receipt},
        {verb::get, "/v1/receipts/ndr_x?validate=1", operation::bad_query},
        {verb::get, "/v1/receipts/ndr_x?receipt=0", operation::bad_query},
        {verb::post, "/v1/receipts/ndr_x", operation::method_not_allowed},
        {verb::head, "/v1/receipts/ndr_x", operation::method_not_allowed},
        {verb::options, "/v1/receipts/ndr_x", operation::preflight},
        {verb::get, "/v1/receipts/", operation::not_found},
        {verb::get, "/v1/receipts", operation::not_found},
        {verb::get, "/v1/receipts/a/b", operation::not_found},
        {verb::post, "/v1/schema", operation::post_page},
        {verb::post, "/v1/schema?", operation::post_page},
        {verb::post, "/v1/schema?x", operation::bad_query},
        {verb::head, "/v1/schema", operation::bad_query},
        {verb::head, "/v1/schema?fp=12", operation::bad_query},
        {verb::options, "/v1/schema", operation::preflight},
        {verb::get, "/v1/schema", operation::get_page},
        {verb::put, "/v1/schema", operation::method_not_allowed},
        {verb::post, "/v1/schema/", operation::not_found},
        {verb::get, "/v1/events", operation::method_not_allowed},
        {verb::head, "/v1/events", operation::method_not_allowed},
        {verb::put, "/v1/events", operation::method_not_allowed},
        {verb::unknown, "/v1/events", operation::method_not_allowed},
        {verb::get, "/", operation::not_found},
        {verb::post, "/v1/events/", operation::not_found},
        {verb::post, "/v1/Events", operation::not_found},
        {verb::post, "/v1//events", operation::not_found},
        {verb::post, "/v1/%65vents", operation::not_found},
        {verb::options, "/elsewhere", operation::not_found},
        {verb::post, "http://example.com", operation::not_found},
        {verb::connect, "example.com:443", operation::not_found},
        {verb::post, "*", operation::not_found},
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
    for (const auto& query : {"?fp=" + fingerprint + "0", "?fp=g" + fingerprint.substr(1),
                              "?fp=" + fingerprint + "&fp=" + fingerprint,
                              "?fp=" + fingerprint + "&x=1", std::string("?fp=")}) {
        CAPTURE(query);
        CHECK(find_route(verb::head, "/v1/schema" + query).what == operation::bad_query);
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
