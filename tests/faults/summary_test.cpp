#include "tests/faults/summary.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

using namespace nd::tests;

TEST_CASE("a summary counts by kind and target, and says what was found, as text and as JSON") {
    summary all;
    all.seed = 12;
    all.faults = {{"kill", {{"broker", 3}, {"writer", 4}}}, {"cut", {{"writer-postgres", 2}}}};
    all.caught = {{"writer", 3, 120}, {"postgres", 1, 8}};
    all.proofs = {"audit: 12 events"};
    CHECK(all.count("kill") == 7);
    CHECK(all.count("kill", "broker") == 3);
    CHECK(all.count("kill", "postgres") == 0);
    CHECK(all.count("pause") == 0);
    CHECK(all.passed());
    CHECK(text_of(all).find("passed") != std::string::npos);
    CHECK(text_of(all).find("8 to 120 rows") != std::string::npos);
    CHECK(text_of(all).find("audit: 12 events\n") != std::string::npos);
    CHECK(boost::json::parse(json_of(all)).at("proofs").at(0).as_string() == "audit: 12 events");
    CHECK(boost::json::parse(json_of(all)).at("passed").as_bool());
    all.problems.push_back("rows are wrong");
    all.rows.missing = 5;
    all.timeline = {"1.0 s kill broker 1\n"};
    CHECK_FALSE(all.passed());
    CHECK(text_of(all).find("FOUND rows are wrong") != std::string::npos);
    CHECK(text_of(all).find("1.0 s kill broker 1") != std::string::npos);
    CHECK(text_of(all).find("FAILED") != std::string::npos);
    const auto said = boost::json::parse(json_of(all));
    CHECK_FALSE(said.at("passed").as_bool());
    CHECK(said.at("faults").at("kill").at("writer").to_number<int>() == 4);
    CHECK(said.at("verdict").at("missing").to_number<int>() == 5);
    CHECK(said.at("kills_in_a_call").at(0).at("rows").to_number<int>() == 120);
}

TEST_CASE("what came too seldom is named, by kind and target, apart from what was skipped") {
    const std::vector<lane_cards> lanes{
        {"one", {{"kill", "broker", {}, {}}, {"kill", "writer", {}, {}}}},
        {"two", {{"disk full", "postgres", {}, {}}, {"kill in a CALL", "writer", {}, {}}}}};
    summary all;
    all.faults = {{"kill", {{"broker", 3}, {"writer", 4}}}, {"kill in a CALL", {{"writer", 9}}}};
    CHECK(too_few(all, lanes, 4) ==
          std::vector<std::string>{"kill broker 3 of 4", "disk full postgres 0 of 4"});
    all.skipped = {"disk full: no tmpfs"};
    CHECK(too_few(all, lanes, 4) == std::vector<std::string>{"kill broker 3 of 4"});
    CHECK(too_few(all, lanes, 3).empty());
    CHECK(too_few({}, lanes, 0).empty());
}
