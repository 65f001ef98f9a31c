#include "ingest/page_cache.hpp"
#include "ingest/get_page.hpp"

#include <doctest/doctest.h>

using namespace nd;
using ingest::make_shown_page;
using ingest::page_cache;
using namespace std::chrono_literals;

namespace {

schema::tenant_id tenant(std::uint8_t number) {
    schema::tenant_id id;
    id.value.bytes[0] = number;
    return id;
}

page_cache::entry shown(const std::string& body) {
    return std::make_shared<const ingest::shown_page>(make_shown_page(body));
}

}  // namespace

TEST_CASE("a page is fresh for seconds, there for minutes, and each tenant's own") {
    page_cache cache;
    const page_cache::clock::time_point now{};
    CHECK_FALSE(cache.find(tenant(1), "/a", now).has_value());
    cache.put(tenant(1), "/a", shown("{}"), now);
    CHECK_FALSE(cache.find(tenant(1), "/a", now)->ask);
    CHECK(cache.find(tenant(1), "/a", now + page_cache::fresh)->ask);
    CHECK_FALSE(cache.find(tenant(2), "/a", now).has_value());
    CHECK_FALSE(cache.find(tenant(1), "", now).has_value());
    cache.put(tenant(1), "/a", shown("{\"b\":1}"), now + 6s);
    CHECK(cache.find(tenant(1), "/a", now + 7s)->what->body == "{\"b\":1}");
    CHECK_FALSE(cache.find(tenant(1), "/a", now + 6s + page_cache::stale).has_value());
    CHECK(cache.bytes() == 0);
}

TEST_CASE(
    "of all who read a page that is no longer fresh, one asks; when it gets no answer, another") {
    page_cache cache;
    const page_cache::clock::time_point now{};
    const auto later = now + page_cache::fresh;
    cache.put(tenant(1), "/a", shown("{}"), now);
    cache.put(tenant(2), "/a", shown("{}"), now);
    CHECK(cache.find(tenant(1), "/a", later)->ask);
    for (int i = 0; i < 100; ++i)
        CHECK_FALSE(cache.find(tenant(1), "/a", later + 9ms * i)->ask);
    CHECK(cache.find(tenant(2), "/a", later)->ask);  // another tenant's is another page
    CHECK(cache.find(tenant(1), "/a", later + page_cache::patience)->ask);
    CHECK_FALSE(cache.find(tenant(1), "/a", later + page_cache::patience)->ask);
    cache.put(tenant(1), "/a", shown("{}"), later + 2s);
    CHECK_FALSE(cache.find(tenant(1), "/a", later + 2s + 4s)->ask);
    CHECK(cache.find(tenant(1), "/a", later + 2s + page_cache::fresh)->ask);
}

TEST_CASE("what was asked for longest ago goes first, and the bytes are bounded") {
    page_cache cache(10'000);
    const page_cache::clock::time_point now{};
    for (int i = 0; i < 100; ++i) {
        cache.put(tenant(1), "/p" + std::to_string(i), shown(std::string(700, 'x')), now);
        static_cast<void>(cache.find(tenant(1), "/p0", now));
        CHECK(cache.bytes() <= 10'000);
    }
    CHECK(cache.find(tenant(1), "/p0", now).has_value());
    CHECK(cache.find(tenant(1), "/p99", now).has_value());
    CHECK_FALSE(cache.find(tenant(1), "/p50", now).has_value());
    cache.put(tenant(1), "/big", shown(std::string(20'000, 'x')), now);
    CHECK(cache.bytes() == 0);
}

TEST_CASE("a parameter becomes the route that a page was kept under") {
    CHECK(ingest::route_in("/settings") == "/settings");
    CHECK(ingest::route_in("%2Fsettings%3Ftab=1") == "/settings");
    CHECK(ingest::route_in("/users/ann%40example.com") == "/users/:id");
    CHECK_FALSE(ingest::route_in("").has_value());
    CHECK_FALSE(ingest::route_in("/a%0").has_value());
    CHECK_FALSE(ingest::route_in("/a%zz").has_value());
    CHECK_FALSE(ingest::route_in("/a%00").has_value());
    CHECK_FALSE(ingest::route_in("/a%ff").has_value());
    CHECK_FALSE(ingest::route_in(std::string(2049, 'a')).has_value());
}

TEST_CASE("If-None-Match is a list, weak tags and a star too") {
    CHECK(ingest::names_etag("\"a\"", "\"a\""));
    CHECK(ingest::names_etag("\"b\" , W/\"a\"", "\"a\""));
    CHECK(ingest::names_etag("*", "\"a\""));
    CHECK_FALSE(ingest::names_etag("\"ab\"", "\"a\""));
    CHECK_FALSE(ingest::names_etag("", "\"a\""));
    CHECK_FALSE(ingest::names_etag(", ,", "\"a\""));
}
