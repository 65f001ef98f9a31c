#include "ingest/published_pages.hpp"

#include <doctest/doctest.h>

using namespace nd;
using ingest::published_pages;
using time_point = published_pages::clock::time_point;
using std::chrono::minutes;

namespace {

schema::tenant_id tenant(std::uint8_t number) {
    schema::tenant_id id;
    id.value.bytes[0] = number;
    return id;
}

schema::page_fingerprint page(std::size_t number) {
    schema::page_fingerprint made;
    for (std::size_t i = 0; i < 8; ++i)
        made.bytes[i] = static_cast<std::uint8_t>(number >> 8 * i);
    return made;
}

schema::session_hash session(char digit) {
    return *schema::session_hash::parse(std::string(64, digit));
}

constexpr time_point start{std::chrono::hours(1000)};

}  // namespace

TEST_CASE("what was published is known by page, session and tenant") {
    published_pages pages;
    CHECK_FALSE(pages.has(tenant(1), page(1), start));
    pages.add(tenant(1), page(1), session('a'), start);
    CHECK(pages.has(tenant(1), page(1), start));
    CHECK(pages.has(tenant(1), page(1), session('a'), start));
    CHECK_FALSE(pages.has(tenant(1), page(1), session('b'), start));
    CHECK_FALSE(pages.has(tenant(1), page(1), schema::session_hash(), start));
    CHECK_FALSE(pages.has(tenant(2), page(1), start));
    CHECK_FALSE(pages.has(tenant(2), page(1), session('a'), start));
    CHECK_FALSE(pages.has(tenant(1), page(2), start));
    pages.add(tenant(1), page(2), schema::session_hash(), start);
    CHECK(pages.has(tenant(1), page(2), schema::session_hash(), start));
}

TEST_CASE("it is forgotten after its time, and not before half of it") {
    published_pages pages;
    pages.add(tenant(1), page(1), session('a'), start);
    CHECK(pages.has(tenant(1), page(1), start + published_pages::longest / 2));
    CHECK_FALSE(pages.has(tenant(1), page(1), start + published_pages::longest + minutes(1)));
    pages.add(tenant(1), page(1), session('a'), start + minutes(30));
    CHECK(pages.has(tenant(1), page(1), start + minutes(34)));
    CHECK_FALSE(pages.has(tenant(1), page(1), start + minutes(60)));
}

TEST_CASE("many pages push the oldest out") {
    published_pages pages;
    for (std::size_t i = 0; i < 3 * published_pages::most; ++i)
        pages.add(tenant(1), page(i), session('a'), start);
    CHECK_FALSE(pages.has(tenant(1), page(0), start));
    CHECK(pages.has(tenant(1), page(3 * published_pages::most - 1), start));
}
