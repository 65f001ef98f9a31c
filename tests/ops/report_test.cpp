#include "ops/report.hpp"

#include "ops/check.hpp"
#include "ops/text_table.hpp"

#include <doctest/doctest.h>

using namespace nd;
using nd::base::errc;
using nd::ops::exit_status;

TEST_CASE(
    "an error's class decides the exit code: 2 for what was typed, 3 for what is away, 1 for the "
    "rest") {
    CHECK(ops::to_exit_status(errc::invalid) == exit_status::usage);
    CHECK(ops::to_exit_status(errc::unavailable) == exit_status::unreachable);
    CHECK(ops::to_exit_status(errc::busy) == exit_status::unreachable);
    for (const auto code :
         {errc::not_found, errc::refused, errc::conflict, errc::data, errc::internal}) {
        CHECK(ops::to_exit_status(code) == exit_status::finding);
    }
}

TEST_CASE(
    "an error is one line with the program's name, or one line of JSON with its class and "
    "SQLSTATE") {
    const base::error problem{errc::refused, "no such right\n", "42501"};
    CHECK(ops::rendered(problem, false) == "ndctl: no such right\n");
    CHECK(
        ops::rendered(problem, true) ==
        "{\"error\":{\"code\":\"refused\",\"detail\":\"no such right\",\"sqlstate\":\"42501\"}}\n");
}

TEST_CASE("a report ends with exactly one newline in both forms") {
    const ops::report said{{{"a", 1}}, "two\n\n\n", exit_status::fine};
    CHECK(ops::rendered(said, false) == "two\n");
    CHECK(ops::rendered(said, true) == "{\"a\":1}\n");
}

TEST_CASE("a table's columns line up, counting letters and not bytes, and no line ends in blanks") {
    ops::text_table table({"NAME", "X", ""});
    CHECK(table.empty());
    table.add({"M\xC3\xBCller", "1", ""});
    table.add({"Ad", "2", "note"});
    CHECK_FALSE(table.empty());
    CHECK(table.text() == "NAME    X\nM\xC3\xBCller  1\nAd      2  note\n");
}

TEST_CASE("doctor's answer is healthy only without findings, and says unreachable before wrong") {
    const ops::finding wrong{"topic_missing", "nd.events.v1", "does not exist", "ndctl topics",
                             false};
    const ops::finding away{"kafka_unreachable", "ND_KAFKA", "silence", "start it", true};
    const auto fine =
        ops::tell_checks({{"a", "seen", {}, false}, {"b", "not configured", {}, true}});
    CHECK(fine.status == exit_status::fine);
    CHECK(fine.data.at("healthy").as_bool());
    CHECK(fine.text.find("Nothing to do.") != std::string::npos);
    const auto bad = ops::tell_checks({{"a", "seen", {wrong}, false}});
    CHECK(bad.status == exit_status::finding);
    CHECK_FALSE(bad.data.at("healthy").as_bool());
    CHECK(bad.text.find("topic_missing  nd.events.v1: does not exist\n      do: ndctl topics\n") !=
          std::string::npos);
    CHECK(bad.data.at("findings").as_array().at(0).as_object().at("code") == "topic_missing");
    CHECK(ops::tell_checks({{"a", "", {wrong, away}, false}}).status == exit_status::unreachable);
}

TEST_CASE("the same fault seen through two roles is one finding, different faults stay") {
    ops::findings found{{"a", "t", "x", "", false},
                        {"a", "t", "x", "", false},
                        {"a", "t", "y", "", false},
                        {"b", "t", "x", "", false}};
    ops::drop_repeated(found);
    CHECK(found.size() == 3);
}
