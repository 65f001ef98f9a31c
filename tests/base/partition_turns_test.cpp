#include "base/partition_turns.hpp"

#include <doctest/doctest.h>

#include <set>
#include <vector>

using nd::base::partition_turns;
using namespace std::chrono_literals;

namespace {

constexpr auto all = [](std::int32_t) { return true; };
const partition_turns::clock::time_point start{1h};

}  // namespace

TEST_CASE("requests of one turn share a partition, the next turn has the next one") {
    partition_turns turns(5ms);
    std::vector<std::int32_t> places;
    for (int ms = 0; ms < 40; ++ms) {
        turns.begin_in_turn(start + std::chrono::milliseconds(ms));
        places.push_back(turns.place(4, all));
    }
    for (int ms = 0; ms < 40; ++ms)
        CHECK(places[static_cast<std::size_t>(ms)] == (places[0] + ms / 5) % 4);
}

TEST_CASE("a request that takes longer than a turn stays together") {
    partition_turns turns(5ms);
    turns.begin_in_turn(start);
    const auto first = turns.place(4, all);
    for (int i = 0; i < 100; ++i)
        CHECK(turns.place(4, all) == first);
    turns.begin_in_turn(start + 5ms);
    CHECK(turns.place(4, all) != first);
}

TEST_CASE("a partition without a leader is passed over, and comes back with its leader") {
    partition_turns turns(5ms);
    std::set<std::int32_t> seen;
    const auto but_two = [](std::int32_t partition) { return partition != 2; };
    for (int turn = 0; turn < 8; ++turn) {
        turns.begin_in_turn(start + turn * 5ms);
        seen.insert(turns.place(4, but_two));
    }
    CHECK(seen == std::set<std::int32_t>{0, 1, 3});
    for (int turn = 8; turn < 12; ++turn) {
        turns.begin_in_turn(start + turn * 5ms);
        seen.insert(turns.place(4, all));
    }
    CHECK(seen.size() == 4);
}

TEST_CASE("it is a partition of the topic even without leaders, and when there are fewer") {
    partition_turns turns(5ms);
    for (int turn = 0; turn < 20; ++turn) {
        turns.begin_in_turn(start + turn * 5ms);
        const auto none = turns.place(8, [](std::int32_t) { return false; });
        CHECK(none >= 0);
        CHECK(none < 8);
        const auto fewer = turns.place(3, all);
        CHECK(fewer >= 0);
        CHECK(fewer < 3);
        CHECK(turns.place(1, all) == 0);
    }
}

TEST_CASE("each request says where its records belong, and a turn outlives those that have a key") {
    partition_turns turns(5ms);
    CHECK(turns.by_key());
    turns.begin_in_turn(start);
    CHECK_FALSE(turns.by_key());
    const auto first = turns.place(4, all);
    turns.begin_by_key();
    CHECK(turns.by_key());
    turns.begin_in_turn(start + 4ms);
    CHECK(turns.place(4, all) == first);
}
