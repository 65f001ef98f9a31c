#include "ingest/origin.hpp"

#include <doctest/doctest.h>

using nd::ingest::check_origin;
using nd::ingest::key_record;
using nd::ingest::origin_verdict;
using enum nd::ingest::origin_verdict;

namespace {

key_record key_with(std::vector<std::string> origins, bool browser_only = false) {
    key_record key;
    if (!origins.empty()) {
        key.origins = std::make_shared<const key_record::origin_list>(std::move(origins));
    }
    key.browser_only = browser_only;
    return key;
}

struct row {
    const char* allowed;
    const char* origin;
    origin_verdict verdict;
};

}  // namespace

TEST_CASE("a request without Origin is a server's: only a browser-only key refuses it") {
    CHECK(check_origin(key_with({}), std::nullopt) == allowed);
    CHECK(check_origin(key_with({"https://a.com"}), std::nullopt) == allowed);
    CHECK(check_origin(key_with({}, true), std::nullopt) == missing);
    CHECK(check_origin(key_with({"https://a.com"}, true), std::nullopt) == missing);
    CHECK(check_origin(key_with({"https://a.com"}, true), "https://a.com") == allowed);
}

TEST_CASE("Origin null is refused whatever the key says") {
    CHECK(check_origin(key_with({}), "null") == null);
    CHECK(check_origin(key_with({"null"}), "null") == null);
}

TEST_CASE("a key without a list allows every origin that is one") {
    CHECK(check_origin(key_with({}), "https://anywhere.example:8443") == allowed);
    CHECK(check_origin(key_with({}), "capacitor://localhost") == allowed);
    for (const char* bad :
         {"", "a.com", "https://", "://a.com", "https://a.com/", "https://a.com/x",
          "https://a.com:", "https://a.com:http", "https://a.com:123456", "https://u@a.com",
          "https://a.com https://b.com", "https://*.a.com", "1x://a.com", "https://[::1"}) {
        CAPTURE(bad);
        CHECK(check_origin(key_with({}), bad) == not_an_origin);
    }
}

TEST_CASE("an allowed origin is compared as scheme, host and port") {
    const row rows[] = {
        {"https://app.example.com", "https://app.example.com", allowed},
        {"https://app.example.com", "HTTPS://APP.Example.COM", allowed},
        {"https://App.Example.com", "https://app.example.com", allowed},
        {"https://app.example.com", "https://app.example.com:443", allowed},
        {"https://app.example.com:443", "https://app.example.com", allowed},
        {"http://localhost:80", "http://localhost", allowed},
        {"http://localhost:5173", "http://localhost:5173", allowed},
        {"http://[::1]:5173", "http://[::1]:5173", allowed},
        {"http://[::1]", "http://[::1]:80", allowed},
        {"capacitor://localhost", "capacitor://localhost", allowed},
        {"https://app.example.com", "http://app.example.com", foreign},
        {"https://app.example.com", "https://app.example.com:8443", foreign},
        {"https://app.example.com", "https://app.example.com.evil.net", foreign},
        {"https://app.example.com", "https://evilapp.example.com", foreign},
        {"https://app.example.com", "https://example.com", foreign},
        {"http://localhost:5173", "http://localhost", foreign},
        {"http://localhost:80", "http://localhost:443", foreign},
        {"capacitor://localhost", "https://localhost", foreign},
        {"*", "https://app.example.com", foreign},
        {"https://*", "https://app.example.com", foreign},
        {"https://app.example.com/", "https://app.example.com", foreign},
    };
    for (const auto& [stored, origin, verdict] : rows) {
        CAPTURE(stored);
        CAPTURE(origin);
        CHECK(check_origin(key_with({stored}), origin) == verdict);
        CHECK(check_origin(key_with({"https://other.net", stored}), origin) == verdict);
    }
}

TEST_CASE("a leading star label stands for one or more labels, and for nothing else") {
    const row rows[] = {
        {"https://*.example.com", "https://app.example.com", allowed},
        {"https://*.example.com", "https://a.b.Example.com", allowed},
        {"https://*.example.com:8443", "https://a.example.com:8443", allowed},
        {"https://*.example.com", "https://example.com", foreign},
        {"https://*.example.com", "https://.example.com", foreign},
        {"https://*.example.com", "https://notexample.com", foreign},
        {"https://*.example.com", "https://app.example.com.evil.net", foreign},
        {"https://*.example.com", "http://app.example.com", foreign},
        {"https://*.example.com", "https://a.example.com:8443", foreign},
        {"https://a.*.example.com", "https://a.b.example.com", foreign},
        {"https://app*.example.com", "https://app1.example.com", foreign},
    };
    for (const auto& [stored, origin, verdict] : rows) {
        CAPTURE(stored);
        CAPTURE(origin);
        CHECK(check_origin(key_with({stored}), origin) == verdict);
    }
}

TEST_CASE("a refused origin is a 403 that says what to change") {
    const auto refusal = nd::ingest::origin_refusal(key_with({"https://a.com"}), "https://b.com");
    REQUIRE(refusal);
    CHECK(refusal->code == nd::schema::problem_code::origin_not_allowed);
    CHECK(refusal->detail.find("allowed origins") != std::string::npos);
    CHECK_FALSE(nd::ingest::origin_refusal(key_with({"https://a.com"}), "https://a.com"));
}
