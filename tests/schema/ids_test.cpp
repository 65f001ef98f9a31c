#include "schema/ids.hpp"
#include "schema/record.hpp"

#include <doctest/doctest.h>

#include <string>
#include <unordered_set>

using namespace nd::schema;

namespace {
constexpr std::string_view lower = "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f";
}

TEST_CASE("a UUID of any case is read and written in lower case") {
    CHECK(to_string(*parse_uuid("018F4E2A-7c1b-7D3E-9f00-5A6B7C8D9E0F")) == lower);
    CHECK(to_string(*parse_uuid("00000000-0000-0000-0000-000000000000")) ==
          "00000000-0000-0000-0000-000000000000");
    CHECK(to_string(*parse_uuid("ffffffff-ffff-ffff-ffff-ffffffffffff")) ==
          "ffffffff-ffff-ffff-ffff-ffffffffffff");
}

TEST_CASE("only the 36-character form of a UUID is read") {
    for (const std::string_view text :
         {"", "018f4e2a7c1b7d3e9f005a6b7c8d9e0f", "{018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f}",
          "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0", "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f0",
          "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0g", "018f4e2a-7c1b-7d3e-9f005-a6b7c8d9e0f",
          " 18f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f", "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0\xc3",
          "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0/", "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0:"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_uuid(text));
    }
}

TEST_CASE("every place of a UUID takes every hexadecimal digit and nothing else") {
    for (std::size_t place = 0; place < uuid_length; ++place) {
        for (unsigned c = 0; c < 256; ++c) {
            std::string text(lower);
            text[place] = static_cast<char>(c);
            const bool hyphen = lower[place] == '-';
            const bool good =
                hyphen ? c == '-' : c < 128 && std::isxdigit(static_cast<int>(c)) != 0;
            CAPTURE(text);
            CHECK(parse_uuid(text).has_value() == good);
        }
    }
}

TEST_CASE("UUIDs order as Postgres orders them and spread over a hash table") {
    CHECK(*parse_uuid("00000000-0000-0000-0000-0000000000ff") <
          *parse_uuid("01000000-0000-0000-0000-000000000000"));
    std::unordered_set<std::size_t> places;
    for (unsigned i = 0; i < 1000; ++i) {
        uuid one;
        one.bytes[6] = static_cast<std::uint8_t>(i >> 8);
        one.bytes[15] = static_cast<std::uint8_t>(i);
        places.insert(std::hash<uuid>{}(one) % 1'000'003);
    }
    CHECK(places.size() > 990);
}

TEST_CASE("a record's key is the tenant's UUID as text, and nothing else is a tenant") {
    const tenant_id tenant = *parse_tenant_id(lower);
    CHECK(record_key(tenant).text() == lower);
    CHECK(tenant_of(lower) == tenant);
    CHECK_FALSE(tenant_of(""));
    CHECK_FALSE(tenant_of("nobody"));
}

TEST_CASE("an environment is live or test, and any other word is none") {
    CHECK(parse_environment("live") == environment::live);
    CHECK(parse_environment("test") == environment::test);
    for (const std::string_view other : {"staging", "", "LIVE", "live "})
        CHECK_FALSE(parse_environment(other));
}
