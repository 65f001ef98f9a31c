#include "ops/key_settings.hpp"

#include "ops/grace.hpp"
#include "ops/origin_text.hpp"
#include "ops/tenant_create.hpp"

#include <doctest/doctest.h>

using namespace nd;

namespace {

// 2026-11-23T00:00:00Z
const std::chrono::system_clock::time_point now{
    std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)};

}  // namespace

TEST_CASE("a span is a number with a unit, and 0 needs none") {
    CHECK(ops::parse_grace("0")->count() == 0);
    CHECK(ops::parse_grace("90s")->count() == 90);
    CHECK(ops::parse_grace("30m")->count() == 1800);
    CHECK(ops::parse_grace("1h")->count() == 3600);
    CHECK(ops::parse_grace("24h")->count() == 86'400);
    CHECK(ops::parse_grace("7d")->count() == 604'800);
    for (const auto* text :
         {"", "7", "h", "-1h", "1.5h", "1 h", "1hh", "+1h", "99999999999d", "3661d"}) {
        CAPTURE(text);
        CHECK(ops::parse_grace(text).has_error());
    }
}

TEST_CASE("an origin is kept as the browser sends it: lower case, no default port") {
    const std::pair<const char*, const char*> table[] = {
        {"https://app.example.com", "https://app.example.com"},
        {"HTTPS://App.Example.com:443", "https://app.example.com"},
        {"http://localhost:80", "http://localhost"},
        {"http://localhost:3000", "http://localhost:3000"},
        {"https://*.example.com", "https://*.example.com"},
        {"http://[::1]:8080", "http://[::1]:8080"},
        {"capacitor://localhost", "capacitor://localhost"},
        {"https://[2001:DB8::1]", "https://[2001:db8::1]"},
        {"https://example.com:80", "https://example.com:80"},
    };
    for (const auto& [text, wanted] : table) {
        CAPTURE(text);
        CHECK(ops::normal_origin(text).value() == wanted);
    }
}

TEST_CASE("what no browser would send as an origin is refused, quoting it") {
    for (const auto* text : {"",
                             "*",
                             "null",
                             "example.com",
                             "https://",
                             "https://a/",
                             "https://a/b",
                             "https://a?x",
                             "https://u@a",
                             "https://a:0",
                             "https://a:65536",
                             "https://a:",
                             "https://a b",
                             "https://*",
                             "https://a.*.b",
                             "https://.a",
                             "https://a..b",
                             "://a",
                             "1ttp://a",
                             "https://m\xC3\xBCller.de",
                             "http://[::1"}) {
        CAPTURE(text);
        const auto refused = ops::normal_origin(text);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == base::errc::invalid);
        CHECK(refused.error().detail.find("\"" + std::string(text) + "\"") != std::string::npos);
    }
}

TEST_CASE("scopes come in the contract's order, each once") {
    CHECK(ops::parse_scopes("chat,events,chat").value() ==
          std::vector<std::string>{"events", "chat"});
    CHECK(ops::parse_scopes("events,read").has_error());
    CHECK(ops::parse_scopes("").has_error());
    CHECK(ops::parse_scopes("events, chat").has_error());
}

TEST_CASE("an expiry is never, a span from now, or a time that lies ahead") {
    CHECK_FALSE(ops::parse_expiry("never", now)->at.has_value());
    CHECK_FALSE(ops::parse_expiry("never", now)->in_seconds.has_value());
    CHECK(ops::parse_expiry("90d", now)->in_seconds == 90 * 86'400);
    CHECK(ops::parse_expiry("2026-11-23T00:00:01Z", now)->at == "2026-11-23T00:00:01.000000Z");
    for (const auto* text :
         {"0", "2026-11-23T00:00:00Z", "2020-01-01T00:00:00Z", "tomorrow", "2027-01-01"}) {
        CAPTURE(text);
        CHECK(ops::parse_expiry(text, now).has_error());
    }
}

TEST_CASE("every wrong word of a key is reported at once") {
    const auto refused = ops::read_key_words(
        {"prod", "evnts", {"foo/bar", "https://ok.example"}, false, "yesterday"}, now);
    REQUIRE(refused.has_error());
    for (const auto* part :
         {"--environment \"prod\"", "\"evnts\"", "\"foo/bar\"", "--expires \"yesterday\""}) {
        CHECK(refused.error().detail.find(part) != std::string::npos);
    }
    CHECK(refused.error().detail.find("ok.example") == std::string::npos);
}

TEST_CASE("one tenant keeps its name, many are numbered, and none gets a name made up") {
    CHECK(ops::tenant_names({.name = "acme"}, "ab").value() == std::vector<std::string>{"acme"});
    CHECK(ops::tenant_names({}, "ab").value() == std::vector<std::string>{"tenant-ab"});
    const auto many = ops::tenant_names({.name = "load", .count = 3}, "ab").value();
    CHECK(many == std::vector<std::string>{"load-000001", "load-000002", "load-000003"});
    CHECK(ops::tenant_names({.name = std::string(201, 'x')}, "").has_error());
    CHECK(ops::tenant_names({.name = "a\nb"}, "").has_error());
}
