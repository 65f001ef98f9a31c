#include "ingest/limit_window.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <deque>
#include <random>
#include <vector>

using namespace std::chrono_literals;
using nd::ingest::limit_window;
using time_point = limit_window::time;
using duration = limit_window::duration;

namespace {

constexpr duration minute = 60s;
const time_point start{1000h};

// The plain form of the promise: keep every stamp of the last minute, count them.
struct model {
    std::deque<time_point> taken;

    limit_window::verdict admit(time_point now, std::uint32_t places) {
        while (!taken.empty() && taken.front() <= now - minute)
            taken.pop_front();
        if (places == 0) return {false, 0, minute, now};
        const bool admitted = taken.size() < places;
        if (admitted) taken.push_back(now);
        const auto free = taken.size() < places ? places - taken.size() : 0;
        const auto next = taken[admitted ? 0 : taken.size() - places];
        return {admitted, static_cast<std::uint32_t>(free), next + minute - now, now};
    }
    void give_back(time_point stamp) {
        const auto found = std::find(taken.begin(), taken.end(), stamp);
        if (found != taken.end()) taken.erase(found);
    }
};

void run_against_model(unsigned seed) {
    std::mt19937 random(seed);
    const auto pick = [&](int lowest, int highest) {
        return std::uniform_int_distribution<int>(lowest, highest)(random);
    };
    limit_window window;
    model plain;
    std::vector<time_point> tickets;
    auto now = start;
    auto places = static_cast<std::uint32_t>(pick(1, 12));
    for (int step = 0; step < 4000; ++step) {
        switch (pick(0, 9)) {
            case 0: places = static_cast<std::uint32_t>(pick(0, 12)); break;
            case 1: now += minute; break;
            case 2: now += minute - 1ns; break;
            case 3: now += std::chrono::seconds(pick(0, 20)); break;
            case 4:
                if (tickets.empty()) break;
                {
                    const auto which =
                        tickets.begin() + pick(0, static_cast<int>(tickets.size()) - 1);
                    plain.give_back(*which);
                    window.give_back(*which);
                    tickets.erase(which);
                }
                break;
            default: {
                now += std::chrono::milliseconds(pick(0, 3) * 500);
                const auto want = plain.admit(now, places);
                const auto got = window.admit(now, places, minute);
                REQUIRE(got.admitted == want.admitted);
                REQUIRE(got.remaining == want.remaining);
                REQUIRE(got.wait == want.wait);
                if (got.admitted) tickets.push_back(got.stamp);
                REQUIRE(window.idle(now, minute) == plain.taken.empty());
            }
        }
    }
}

}  // namespace

TEST_CASE(
    "a window equals a plain list of stamps under any order of admissions, give-backs and limits") {
    for (unsigned seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        run_against_model(seed);
    }
}

TEST_CASE(
    "the 61st request of any 60 s is refused and the 60 before it are not, also across a minute's "
    "edge") {
    for (const auto into_the_minute : {0s, 1s, 29s, 30s, 59s}) {
        limit_window window;
        const auto begin = time_point(1000min) + into_the_minute;
        for (int i = 0; i < 60; ++i)
            CHECK(window.admit(begin + i * 1s, 60, minute).admitted);
        CHECK_FALSE(window.admit(begin + minute - 1ns, 60, minute).admitted);
        // The first stamp leaves exactly a minute after it was made, and one place is free, not
        // more.
        CHECK(window.admit(begin + minute, 60, minute).admitted);
        CHECK_FALSE(window.admit(begin + minute, 60, minute).admitted);
    }
}

TEST_CASE("a refusal takes no place and says when to come back") {
    limit_window window;
    CHECK(window.admit(start, 2, minute).remaining == 1);
    CHECK(window.admit(start + 10s, 2, minute).remaining == 0);
    for (int i = 0; i < 100; ++i) {
        const auto refused = window.admit(start + 20s, 2, minute);
        CHECK_FALSE(refused.admitted);
        CHECK(refused.wait == 40s);
    }
    CHECK(window.admit(start + 60s, 2, minute).admitted);
}

TEST_CASE("a place given back can be taken at once, and only once") {
    limit_window window;
    const auto taken = window.admit(start, 1, minute);
    CHECK_FALSE(window.admit(start + 1s, 1, minute).admitted);
    CHECK(window.give_back(taken.stamp));
    CHECK_FALSE(window.give_back(taken.stamp));
    CHECK(window.admit(start + 1s, 1, minute).admitted);
    CHECK_FALSE(window.admit(start + 1s, 1, minute).admitted);
}

TEST_CASE(
    "lowering the limit refuses until enough stamps have left; raising it opens places at once") {
    limit_window window;
    for (int i = 0; i < 10; ++i)
        REQUIRE(window.admit(start + i * 1s, 10, minute).admitted);
    const auto refused = window.admit(start + 10s, 3, minute);
    CHECK_FALSE(refused.admitted);
    CHECK(refused.remaining == 0);
    CHECK(refused.wait == 57s);  // the eighth stamp, made at 7 s, is the one that has to go
    CHECK_FALSE(window.admit(start + 67s - 1ns, 3, minute).admitted);
    CHECK(window.admit(start + 67s, 3, minute).admitted);
    CHECK(window.admit(start + 67s, 5, minute).remaining == 1);
}

TEST_CASE("a time that went back is read as the newest stamp, so the order of stamps holds") {
    limit_window window;
    REQUIRE(window.admit(start + 5s, 2, minute).admitted);
    const auto late = window.admit(start, 2, minute);
    CHECK(late.admitted);
    CHECK(late.stamp == start + 5s);
    CHECK_FALSE(window.admit(start + 64s, 2, minute).admitted);
    CHECK(window.admit(start + 65s, 2, minute).admitted);
}

TEST_CASE("the ring grows with use and never past eight bytes a place") {
    limit_window window;
    CHECK(window.bytes() == 0);
    REQUIRE(window.admit(start, 6000, minute).admitted);
    CHECK(window.bytes() <= 64);
    for (int i = 1; i < 6000; ++i)
        REQUIRE(window.admit(start, 6000, minute).admitted);
    CHECK_FALSE(window.admit(start, 6000, minute).admitted);
    CHECK(window.bytes() == 6000 * 8);
}
