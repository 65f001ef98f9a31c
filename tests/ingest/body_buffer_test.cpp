#include "ingest/body_buffer.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <utility>

using namespace nd::ingest;

TEST_CASE("a buffer holds what was appended and charges what it holds") {
    byte_budget budget(1 << 20);
    {
        body_buffer body(budget);
        CHECK(budget.used() == 0);
        REQUIRE(body.append("hello", 5));
        CHECK(budget.used() == 5);
        REQUIRE(body.append(std::string(100'000, 'x'), 100'000));
        CHECK(body.view() == "hello" + std::string(100'000, 'x'));
        CHECK(budget.used() >= 100'005);
        CHECK(budget.used() < 300'000);
    }
    CHECK(budget.used() == 0);
}

TEST_CASE("a promised length is not paid before its bytes come") {
    byte_budget budget(1 << 20);
    body_buffer body(budget);
    REQUIRE(body.make_room(1 << 20));
    CHECK(budget.used() == body_buffer::first_step);
    CHECK(body.room().size() == body_buffer::first_step);
}

TEST_CASE("a used up budget refuses, and takes again after others gave back") {
    byte_budget budget(40'000);
    body_buffer first(budget);
    REQUIRE(first.append(std::string(30'000, 'a'), 30'000));
    body_buffer second(budget);
    CHECK_FALSE(second.append(std::string(30'000, 'b'), 30'000));
    second.clear();
    const auto before = budget.used();
    first.clear();
    CHECK(before > 0);
    CHECK(budget.used() == 0);
    CHECK(second.append(std::string(30'000, 'b'), 30'000));
}

TEST_CASE("the charge moves with the bytes") {
    byte_budget budget;
    body_buffer kept(budget);
    {
        body_buffer body(budget);
        REQUIRE(body.append("hello", 5));
        kept = std::move(body);
    }
    CHECK(kept.view() == "hello");
    CHECK(budget.used() == 5);
    body_buffer other(std::move(kept));
    CHECK(budget.used() == 5);
    other.clear();
    CHECK(budget.used() == 0);
}

TEST_CASE("the padding after a full buffer can be read") {
    byte_budget budget;
    body_buffer body(budget);
    REQUIRE(body.append(std::string(20'000, 'a'), 20'000));
    std::size_t sum = 0;
    for (std::size_t i = 0; i < nd::schema::batch_padding; ++i)
        sum += static_cast<unsigned char>(body.data()[body.size() + i]) & 0;
    CHECK(sum == 0);
}
