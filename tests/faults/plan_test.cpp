#include "tests/faults/plan.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace nd::tests;

namespace {

std::string told(const fault& one) {
    return one.kind + " " + one.target + " " + std::to_string(one.hold.count()) + " " +
           std::to_string(one.rest.count()) + " " + std::to_string(one.choice);
}

}  // namespace

TEST_CASE("a seed gives the same faults each time, another seed others, and so does each lane") {
    for (const auto& lane : all_lanes()) {
        deck first(lane, 7);
        deck again(lane, 7);
        deck other(lane, 8);
        bool differs = false;
        for (int i = 0; i < 100; ++i) {
            const auto one = told(first.next());
            CHECK(one == told(again.next()));
            differs = differs || one != told(other.next());
        }
        CHECK(differs);
    }
    auto renamed = all_lanes().front();
    deck before(renamed, 7);
    renamed.name = "another";
    deck after(renamed, 7);
    CHECK(told(before.next()) != told(after.next()));
}

TEST_CASE("each kind and target comes once in each deal, and holds as long as its card allows") {
    for (const auto& lane : all_lanes()) {
        std::map<std::pair<std::string, std::string>, card> allowed;
        for (const auto& one : lane.cards)
            allowed[{one.kind, one.target}] = one;
        REQUIRE(allowed.size() == lane.cards.size());
        deck dealt(lane, 42);
        for (int deal = 1; deal <= 5; ++deal) {
            std::map<std::pair<std::string, std::string>, int> seen;
            for (std::size_t i = 0; i < lane.cards.size(); ++i) {
                const auto one = dealt.next();
                ++seen[{one.kind, one.target}];
                const auto& range = allowed.at({one.kind, one.target});
                CHECK(one.hold >= range.shortest);
                CHECK(one.hold <= range.longest);
            }
            CHECK(seen.size() == lane.cards.size());
        }
    }
}
