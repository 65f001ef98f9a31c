#include "base/http_url.hpp"

#include <doctest/doctest.h>

using nd::base::parse_http_url;

TEST_CASE("the parts of a service's address, without the slash at its end") {
    const auto plain = parse_http_url("https://api.openai.com/v1/").value();
    CHECK(plain.tls);
    CHECK(plain.host == "api.openai.com");
    CHECK(plain.port == 443);
    CHECK(plain.path == "/v1");
    CHECK(plain.authority() == "api.openai.com");
    const auto local = parse_http_url("http://127.0.0.1:8123").value();
    CHECK(!local.tls);
    CHECK(local.port == 8123);
    CHECK(local.path.empty());
    CHECK(local.authority() == "127.0.0.1:8123");
    const auto six = parse_http_url("https://[::1]:8443/a/b").value();
    CHECK(six.host == "::1");
    CHECK(six.authority() == "[::1]:8443");
    CHECK(parse_http_url("http://localhost/v1").value().port == 80);
}

TEST_CASE("what is no address to send a key to is refused in words") {
    for (const auto* text :
         {"", "api.openai.com", "ftp://a", "https://", "https:///v1", "https://a b", "https://a:b",
          "https://a:", "https://a:0", "https://a:70000", "https://user:pw@a", "https://a/?q",
          "https://a/#f", "https://a/b c", "https://[::1", "https://a/\r\nX: y", "https://a\r\n"})
        CHECK_MESSAGE(!parse_http_url(text), text);
}

TEST_CASE("a key never goes in the clear to another machine") {
    for (const auto* text : {"http://api.openai.com/v1", "http://10.0.0.1",
                             "http://127.evil.example", "http://localhost.evil.example"}) {
        const auto read = parse_http_url(text);
        REQUIRE_MESSAGE(!read, text);
        CHECK(read.error().detail.find("this machine only") != std::string::npos);
    }
}
