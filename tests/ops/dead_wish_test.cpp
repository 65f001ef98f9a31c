#include "ops/dead_wish.hpp"

#include "tests/ops/dead_samples.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using ops::dead_words;
using ops::partition_offset;

namespace {

constexpr schema::instant now{1'793'000'000'000'000};

dead_words words() {
    dead_words made;
    made.state = "open";
    return made;
}

}  // namespace

TEST_CASE("without a word all open letters are meant") {
    const auto wish = ops::parse_wish(words(), now).value();
    CHECK(wish.takes(sample_letter()));
    CHECK(wish.takes(ops::dead_letter{}));
    CHECK(wish.takes(ops::dead_mark{}));
    CHECK_FALSE(wish.takes(ops::dead_mark{"replayed", "", "", ""}));
}

TEST_CASE("letters are told apart by tenant, reason and place") {
    auto asked = words();
    asked.tenant = "11111111-1111-4111-8111-111111111111";
    asked.reason = "postgres_22";
    auto wish = ops::parse_wish(asked, now).value();
    CHECK(wish.takes(sample_letter()));
    auto other = sample_letter();
    other.key = "22222222-2222-4222-8222-222222222222";
    CHECK_FALSE(wish.takes(other));
    other = sample_letter();
    set_header(other, "nd-reason", "postgres_23: no");
    CHECK_FALSE(wish.takes(other));
    asked = words();
    asked.tenant = "none";
    wish = ops::parse_wish(asked, now).value();
    CHECK_FALSE(wish.takes(sample_letter()));
    CHECK(wish.takes(ops::dead_letter{}));
}

TEST_CASE("letters named one by one are read as the shortest span of each partition") {
    auto asked = words();
    asked.letters = {"2:17", "0:5", "2:12", "2:17"};
    const auto wish = ops::parse_wish(asked, now).value();
    CHECK(wish.letters == std::vector<partition_offset>{{2, 17}, {0, 5}, {2, 12}});
    CHECK(wish.range.from_offsets == std::vector<partition_offset>{{2, 12}, {0, 5}});
    CHECK(wish.range.to_offsets == std::vector<partition_offset>{{2, 18}, {0, 6}});
    CHECK(wish.takes(sample_letter()));
    auto between = sample_letter();
    between.at.offset = 14;
    CHECK_FALSE(wish.takes(between));
}

TEST_CASE("a mistake in the words says which word and what to write") {
    struct mistake {
        void (*make)(dead_words&);
        const char* says;
    };
    const mistake table[]{
        {[](dead_words& w) { w.tenant = "acme"; }, "--tenant acme"},
        {[](dead_words& w) { w.state = "shut"; }, "--state shut: there are open"},
        {[](dead_words& w) { w.letters = {"17"}; }, "PARTITION:OFFSET"},
        {[](dead_words& w) { w.letters = {"1:-2"}; }, "PARTITION:OFFSET"},
        {[](dead_words& w) { w.letters = {"1:2x"}; }, "PARTITION:OFFSET"},
        {[](dead_words& w) { w.range.from = "2099-01-01T00:00:00Z"; }, "in the future"},
        {[](dead_words& w) {
             w.letters = {"1:2"};
             w.range.from = "2026-01-01T00:00:00Z";
         },
         "not both"},
    };
    for (const auto& one : table) {
        auto asked = words();
        one.make(asked);
        const auto wish = ops::parse_wish(asked, now);
        REQUIRE(wish.has_error());
        CHECK(wish.error().code == base::errc::invalid);
        CHECK_MESSAGE(wish.error().detail.find(one.says) != std::string::npos, wish.error().detail);
    }
}
