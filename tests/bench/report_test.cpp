#include "bench/report.hpp"

#include <doctest/doctest.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <cmath>
#include <limits>
#include <vector>

using namespace nd::bench;
using nd::base::errc;

namespace {

std::string text_of(const report& of) {
    return boost::json::serialize(of.to_json());
}

report sample() {
    report made;
    made.add("edge.50.p99", "ms", better::lower, 1.25);
    made.add("edge.50.p99", "ms", better::lower, 3);
    made.add("edge.50.rate", "events/s", better::higher, 1.0 / 3);
    made.add("edge.50.cores", "cores", better::neither, 2);
    made.at("edge.50.p99", "ms", better::lower).goal = 10;
    made.fact("seed", "7");
    made.fact("name with \"quotes\"", "a\nb");
    made.note("one sentence");
    auto& drawn = made.bars("edge.cpu", "CPU", "us/event");
    drawn.all.push_back({"nd-ingest", {{0, 1.5}, {1, 2}}});
    return made;
}

void check_invalid(const std::string& text, const std::string& words) {
    CAPTURE(text);
    const auto read = report_from(text);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::invalid);
    CAPTURE(read.error().detail);
    CHECK(read.error().detail.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("a report that was written is the same when it is read") {
    const auto made = sample();
    const auto read = report_from(text_of(made));
    REQUIRE(read.has_value());
    REQUIRE(read->figures().size() == 3);
    CHECK(read->figures()[2].is == better::neither);
    CHECK(read->median("edge.50.p99") == 2.125);
    CHECK(read->median("of no figure") == 0);
    const auto& first = read->figures()[0];
    CHECK(first.name == "edge.50.p99");
    CHECK(first.unit == "ms");
    CHECK(first.is == better::lower);
    CHECK(first.values == std::vector<double>{1.25, 3});
    CHECK(first.goal == 10);
    CHECK(read->figures()[1].is == better::higher);
    CHECK(read->figures()[1].values == std::vector<double>{1.0 / 3});
    CHECK_FALSE(read->figures()[1].goal);
    CHECK(read->facts() == made.facts());
    CHECK(read->notes() == made.notes());
    CHECK(read->sound());
}

TEST_CASE("values of any size come back as closely as anybody could measure them") {
    report made;
    const std::vector<double> values{0.1,  1e-300, 1e300, 123456789.123456789,
                                     -2.5, 0,      1e17,  1.0 / 3};
    for (const auto one : values)
        made.add("x", "ms", better::lower, one);
    const auto read = report_from(text_of(made)).value().figures()[0].values;
    REQUIRE(read.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(std::abs(read[i] - values[i]) <= std::abs(values[i]) * 1e-14);
}

TEST_CASE("a run that was not sound is not sound when it is read, and says why") {
    report made;
    made.unsound("half of it was refused");
    const auto read = report_from(text_of(made)).value();
    CHECK_FALSE(read.sound());
    CHECK(read.notes().front() == "half of it was refused");
}

TEST_CASE("a figure without values is not written, and a note only once") {
    report made;
    made.at("empty", "ms", better::lower).goal = 1;
    made.note("twice");
    made.note("twice");
    const auto read = report_from(text_of(made)).value();
    CHECK(read.figures().empty());
    CHECK(read.notes().size() == 1);
}

TEST_CASE("what is no number is left out with a note, so that the rest can be read") {
    report made;
    made.add("good", "x", better::lower, 1);
    made.add("good", "x", better::lower, std::nan(""));
    made.add("bad", "x", better::lower, std::numeric_limits<double>::infinity());
    const auto read = report_from(text_of(made));
    REQUIRE(read.has_value());
    REQUIRE(read->figures().size() == 1);
    CHECK(read->figures()[0].values == std::vector<double>{1});
    CHECK(read->notes().size() == 2);
    CHECK(read->notes()[1].find("bad") != std::string::npos);
}

TEST_CASE("what is no report says so") {
    for (const char* text :
         {"", "garbage", "{", "[]", "null", "7", "{}", R"({"format":"1"})", R"({"format":1})",
          R"({"format":1,"sound":true,"facts":{},"notes":[],"figures":[7]})",
          R"({"format":1,"sound":true,"facts":{},"notes":[],"figures":[{"name":"a"}]})",
          R"({"format":1,"sound":true,"facts":[],"notes":[],"figures":[]})",
          R"({"format":1,"sound":1,"facts":{},"notes":[],"figures":[]})"})
        check_invalid(text, "it is no report of nd-bench");
    check_invalid(text_of(sample()).substr(0, 100), "it is no report of nd-bench");
}

TEST_CASE("a report of another format asks for another run") {
    auto json = boost::json::parse(text_of(sample())).as_object();
    json["format"] = 2;
    check_invalid(boost::json::serialize(json), "it is of another format: run it again");
}

TEST_CASE("what at(), curve() and bars() gave stays where it is while others are made") {
    report made;
    auto& first = made.at("first", "ms", better::lower);
    auto& drawn = made.curve("drawn", "x", "x", "x");
    for (int i = 0; i < 1000; ++i) {
        made.add(std::to_string(i), "ms", better::lower, i);
        made.bars(std::to_string(i), "x", "x");
    }
    CHECK(&made.at("first", "ms", better::lower) == &first);
    CHECK(&made.curve("drawn", "x", "x", "x") == &drawn);
}
