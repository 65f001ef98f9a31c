#include "ops/migration_plan.hpp"

#include <doctest/doctest.h>

using namespace nd;
using ops::migration_state;

namespace {

const std::vector<ops::migration_file> files{
    {1, "001_a", "", "aa"}, {2, "002_b", "", "bb"}, {3, "003_c", "", "cc"}};

std::vector<migration_state> states(const std::vector<ops::applied_migration>& applied) {
    std::vector<migration_state> found;
    for (const auto& step : ops::compare_migrations(files, applied))
        found.push_back(step.state);
    return found;
}

}  // namespace

TEST_CASE("an empty database needs every file, a part of them leaves the rest pending") {
    using enum migration_state;
    CHECK(states({}) == std::vector{pending, pending, pending});
    CHECK(states({{1, "001_a", "aa", "t"}}) == std::vector{applied, pending, pending});
    CHECK(ops::may_apply(ops::compare_migrations(files, {{1, "001_a", "aa", "t"}})).has_value());
}

TEST_CASE(
    "a changed text or name, a number of the future and a number that came late are each refused "
    "with what to do") {
    using enum migration_state;
    CHECK(states({{1, "001_a", "xx", "t"}}) == std::vector{changed, pending, pending});
    CHECK(states({{1, "001_z", "aa", "t"}}) == std::vector{changed, pending, pending});
    CHECK(states({{1, "001_a", "aa", "t"},
                  {2, "002_b", "bb", "t"},
                  {3, "003_c", "cc", "t"},
                  {4, "004_d", "dd", "t"}}) == std::vector{applied, applied, applied, unknown});
    CHECK(states({{1, "001_a", "aa", "t"}, {3, "003_c", "cc", "t"}}) ==
          std::vector{applied, late, applied});

    const auto refused = ops::may_apply(
        ops::compare_migrations(files, {{1, "001_a", "xx", "yesterday"}, {3, "003_c", "cc", "t"}}));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == base::errc::refused);
    CHECK(refused.error().detail.find(
              "001_a was changed after it was applied (yesterday). Put the file back") == 0);
    CHECK(refused.error().detail.find("\n       002_b is new, but a later number is applied") !=
          std::string::npos);
}
