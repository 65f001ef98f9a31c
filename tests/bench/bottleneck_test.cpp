#include "bench/bottleneck.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace nd::bench;

namespace {

void check(const std::vector<part_use>& parts, double wal,
           std::initializer_list<const char*> words) {
    const auto said = bottleneck(parts, 2, wal);
    CAPTURE(said);
    for (const auto* one : words)
        CHECK(said.find(one) != std::string::npos);
}

}  // namespace

TEST_CASE("a thread that is used up is named before anything else") {
    check({{"kafka", 0.3, 0.1}, {"load generator", 0.95, 0.95}, {"nd-ingest", 0.7, 0.5}}, 0.9,
          {"load generator: its busiest thread uses 0.95",
           "(load generator 0.95, nd-ingest 0.70, kafka 0.30)"});
}

TEST_CASE("a machine that is used up names who used most of it") {
    check({{"nd-writer", 0.6, 0.3}, {"postgres", 1.3, 0.6}}, 0.9,
          {"the machine's 2 cores are used up, mostly by postgres"});
}

TEST_CASE("other programs on the machine are a part like any other") {
    check({{"postgres", 0.3, 0.3}, {"others", 1.6, 0}}, 0.9, {"used up, mostly by others"});
}

TEST_CASE("the log is to blame when the connections waited for it and cores were free") {
    check({{"nd-writer", 0.2, 0.2}, {"postgres", 0.4, 0.4}}, 0.6,
          {"the write-ahead log: 60 % of the connections' time", "0.60 of 2 cores"});
}

TEST_CASE("nothing is blamed for what nothing explains") {
    check({{"nd-writer", 0.2, 0.2}, {"postgres", 0.4, 0.4}}, 0.1,
          {"no part is used up", "0.60 of 2 cores", "10 %"});
    CHECK(bottleneck({}, 2, 0) == "nothing was measured");
}
