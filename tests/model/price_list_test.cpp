#include "model/price_list.hpp"

#include <doctest/doctest.h>

using namespace nd::model;

TEST_CASE("prices are exact, in billionths of a dollar for a token") {
    const auto list = price_list::parse("gpt-5-mini=0.25/0.025/2,gpt-5=1.25/0.125/10.005").value();
    const auto mini = list.of("gpt-5-mini");
    REQUIRE(mini);
    CHECK(mini->input == 250);
    CHECK(mini->cached == 25);
    CHECK(mini->output == 2000);
    CHECK(list.of("gpt-5")->output == 10'005);
}

TEST_CASE("a dated model costs what its family does, by the longest name") {
    const auto list = price_list::parse("gpt-5=9/9/9,gpt-5-mini=1/1/1").value();
    CHECK(list.of("gpt-5-mini-2025-08-07")->input == 1000);
    CHECK(list.of("gpt-5-2025-08-07")->input == 9000);
    CHECK(!list.of("gpt-50"));
    CHECK(!list.of("gpt"));
}

TEST_CASE("a wrong price is refused in words that show it") {
    for (const auto* text :
         {"gpt-5", "gpt-5=", "gpt-5=1/2", "gpt-5=1/2/3/4", "=1/2/3", "gpt-5=1/x/3", "gpt-5=-1/2/3",
          "gpt-5=1/2/3.0001", "a=1/2/3,,b=1/2/3", "gpt-5=1./2/3"}) {
        const auto list = price_list::parse(text);
        REQUIRE_MESSAGE(!list, text);
        CHECK(list.error().detail.find("MODEL=INPUT/CACHED/OUTPUT") != std::string::npos);
    }
    CHECK(price_list::parse("").has_value());
}

TEST_CASE("cached input is cheaper, a batch costs half, and nothing is rounded away") {
    const token_price price{250, 25, 2000};
    CHECK(cost_of({1000, 400, 10}, price, call_way::fresh) == 600 * 250 + 400 * 25 + 10 * 2000);
    CHECK(cost_of({1, 1, 0}, price, call_way::batch) == 13);
    CHECK(cost_of({10, 99, 0}, price, call_way::fresh) == 10 * 25);
    CHECK(cost_of({}, price, call_way::fresh) == 0);
}
