#include "ingest/key_misses.hpp"

#include "tests/ingest/key_samples.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::ingest::key_hash;
using nd::ingest::key_miss;
using nd::ingest::key_misses;

namespace {

const key_misses::time start{100h};

key_hash hash(std::uint32_t number) {
    key_hash h;
    for (std::size_t i = 0; i < 4; ++i)
        h.bytes[i] = static_cast<std::uint8_t>(number >> (8 * i));
    return h;
}

}  // namespace

TEST_CASE("an absent key is remembered for ten seconds and not longer") {
    key_misses misses;
    CHECK_FALSE(misses.find(hash(1), start));
    misses.remember(hash(1), key_miss::absent, start);
    misses.remember(hash(2), key_miss::revoked, start);
    CHECK(misses.find(hash(1), start + 10s - 1ns) == key_miss::absent);
    CHECK(misses.find(hash(2), start) == key_miss::revoked);
    CHECK_FALSE(misses.find(hash(1), start + 10s));
}

TEST_CASE("a miss that was learned again lives ten seconds from then") {
    key_misses misses;
    misses.remember(hash(1), key_miss::absent, start);
    misses.remember(hash(1), key_miss::revoked, start + 9s);
    misses.remember(hash(2), key_miss::absent, start + 11s);  // clears what is old
    CHECK(misses.find(hash(1), start + 18s) == key_miss::revoked);
}

TEST_CASE("at most fifty questions in any second") {
    key_misses misses;
    for (int i = 0; i < 50; ++i)
        CHECK(misses.may_ask(start + i * 10ms));
    CHECK_FALSE(misses.may_ask(start + 999ms));
    CHECK(misses.may_ask(start + 1s));
    CHECK_FALSE(misses.may_ask(start + 1s));
}

TEST_CASE("memory is bounded, and what is old makes room") {
    key_misses misses;
    for (std::uint32_t i = 0; i < 5000; ++i)
        misses.remember(hash(i), key_miss::absent, start);
    CHECK(misses.size() == key_misses::most);
    misses.remember(hash(9999), key_miss::absent, start + 10s);
    CHECK(misses.size() == 1);
    CHECK(misses.find(hash(9999), start + 10s));
}
