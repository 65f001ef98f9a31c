#include "model/rate_budget.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <random>

using namespace nd::model;
using namespace std::chrono_literals;
using verdict = rate_budget::verdict;
using time_point = rate_budget::time_point;

namespace {

rate_reading reading(std::int64_t requests, std::chrono::milliseconds requests_in,
                     std::int64_t tokens, std::chrono::milliseconds tokens_in) {
    return {{600, requests, requests_in}, {60'000, tokens, tokens_in}};
}

}  // namespace

TEST_CASE("headers are read, and what is negative, nonsense or missing is absent") {
    const auto said = read_rate({{"x-ratelimit-limit-requests", "500"},
                                 {"x-ratelimit-remaining-requests", "499"},
                                 {"x-ratelimit-reset-requests", "120ms"},
                                 {"x-ratelimit-limit-tokens", "-1"},
                                 {"x-ratelimit-remaining-tokens", "many"}});
    CHECK(said.requests.limit == 500);
    CHECK(said.requests.left == 499);
    CHECK(said.requests.whole_in == 120ms);
    CHECK(!said.tokens.limit);
    CHECK(!said.tokens.left);
    CHECK(!said.tokens.whole_in);
    CHECK(!read_rate({{"x-ratelimit-limit-tokens", "0"}, {"x-ratelimit-remaining-tokens", "0"}})
               .tokens.left);
}

TEST_CASE("without a word from the service only concurrency bounds") {
    rate_budget budget(2);
    const time_point now{};
    const auto first = budget.start(now, 1'000'000);
    static_cast<void>(budget.start(now, 1'000'000));
    CHECK(budget.may_start(now, 1).what == verdict::busy);
    budget.end(now, first, {});
    CHECK(budget.may_start(now, 1'000'000).what == verdict::now);
    CHECK(budget.under_way() == 1);
}

TEST_CASE("a call waits until there are tokens for it again") {
    rate_budget budget(8);
    const time_point now{};
    const auto call = budget.start(now, 100);
    // 10,000 of 60,000 are left; all are there again in 50 s: a thousand a second.
    budget.end(now, call, reading(599, 1s, 10'000, 50s));
    CHECK(budget.may_start(now, 10'000).what == verdict::now);
    const auto answer = budget.may_start(now, 15'000);
    CHECK(answer.what == verdict::wait);
    CHECK(answer.wait == 5s);
    CHECK(budget.may_start(now + 5s, 15'000).what == verdict::now);
    // More than the service ever gives waits for all of it, and is then let through.
    CHECK(budget.may_start(now, 90'000).wait == 50s);
    CHECK(budget.may_start(now + 50s, 90'000).what == verdict::now);
}

TEST_CASE("what was started since a call counts against what its answer says is left") {
    rate_budget budget(8);
    const time_point now{};
    const auto first = budget.start(now, 1'000);
    const auto second = budget.start(now, 8'000);
    budget.end(now, first, reading(500, 10s, 10'000, 50s));
    CHECK(budget.may_start(now, 2'000).what == verdict::now);
    CHECK(budget.may_start(now, 2'001).what == verdict::wait);
    // An answer to an older call knows less than what a later one's said.
    budget.end(now, second, reading(499, 10s, 2'000, 58s));
    CHECK(budget.may_start(now, 2'001).what == verdict::wait);
}

TEST_CASE("requests run out as tokens do") {
    rate_budget budget(8);
    const time_point now{};
    const auto call = budget.start(now, 1);
    budget.end(now, call, reading(0, 60s, 60'000, 0s));
    const auto answer = budget.may_start(now, 1);
    CHECK(answer.what == verdict::wait);
    CHECK(answer.wait == 100ms);  // 600 a minute
}

TEST_CASE("a pause holds everything back, and the longer one counts") {
    rate_budget budget(8);
    const time_point now{};
    budget.pause(now, 5s);
    budget.pause(now, 2s);
    CHECK(budget.may_start(now, 1).wait == 5s);
    CHECK(budget.may_start(now + 4999ms, 1).wait == 1ms);
    CHECK(budget.may_start(now + 5s, 1).what == verdict::now);
}

TEST_CASE("obeying the budget never oversteps a service that fills its minute evenly") {
    std::mt19937 random(11);
    const double limit = 60'000;
    const double per_ms = limit / 60'000;
    double left = limit;
    time_point now{};
    rate_budget budget(4);
    struct flight {
        rate_budget::call call;
        time_point ends;
        rate_reading said;
    };
    std::deque<flight> flying;
    int sent = 0;
    for (int step = 0; step < 200'000; ++step) {
        now += 1ms;
        left = std::min(limit, left + per_ms);
        while (!flying.empty() && flying.front().ends <= now) {
            budget.end(now, flying.front().call, flying.front().said);
            flying.pop_front();
        }
        const auto tokens = static_cast<std::int64_t>(500 + random() % 4000);
        if (budget.may_start(now, tokens).what != verdict::now) continue;
        const auto call = budget.start(now, tokens);
        left -= static_cast<double>(tokens);
        // The first calls go out blind; after them the service's word is known.
        if (sent >= 4) REQUIRE(left > -1);
        ++sent;
        const auto ms = static_cast<int>((limit - left) / per_ms) + 1;
        rate_reading said;
        said.tokens = {60'000, static_cast<std::int64_t>(left), std::chrono::milliseconds(ms)};
        flying.push_back({call, now + 50ms, said});
    }
    CHECK(sent > 80);  // 200 s at 1,000 tokens/s, 2,500 each
}
