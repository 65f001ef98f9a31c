#include "schema/user_hash.hpp"

#include <doctest/doctest.h>

using namespace nd::schema;

TEST_CASE("a person's hash depends on tenant, user and pepper, and on nothing else") {
    const auto a = *parse_tenant_id("aa000000-0000-4000-8000-000000000001");
    const auto b = *parse_tenant_id("bb000000-0000-4000-8000-000000000001");
    const std::string pepper(32, 'p');
    user_hasher one(pepper);
    user_hasher same(pepper);
    user_hasher other(std::string(32, 'q'));
    CHECK(one(a, "u-1") == same(a, "u-1"));
    CHECK(one(a, "u-1") == one(a, "u-1"));
    CHECK(one(a, "u-1") != one(a, "u-2"));
    CHECK(one(a, "u-1") != one(b, "u-1"));
    CHECK(one(a, "u-1") != other(a, "u-1"));
    CHECK(one(a, "") != one(b, ""));
    CHECK(one.id() == same.id());
    CHECK(one.id() != other.id());
}
