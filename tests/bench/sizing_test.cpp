#include "bench/sizing.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>

using namespace nd::bench;

namespace {

// Easy numbers: what is expected can be worked out by head.
const std::array<std::pair<const char*, double>, 10> measured{
    {{"scale.front-ends.1.steady.cpu", 2},
     {"scale.front-ends.1.steady.cpu.kafka", 1},
     {"scale.front-ends.1.steady.kafka_disk", 100},
     {"scale.table.1000.disk", 300},
     {"scale.table.1000.50.cpu.postgres", 4},
     {"scale.table.50000.disk", 500},
     {"scale.table.50000.50.cpu.nd-writer", 1},
     {"scale.table.50000.50.cpu.postgres", 6},
     {"scale.table.50000.50.cpu.kafka", 0.5},
     {"scale.table.50000.50.wal", 700}}};

report without(const std::string& left_out) {
    report made;
    for (const auto& [name, value] : measured)
        if (name != left_out) made.add(name, "", better::lower, value);
    made.fact("commit", "abc");
    return made;
}

bool has(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("costs are those on top of the largest table") {
    const auto cost = cost_of(without(""));
    REQUIRE(cost.has_value());
    CHECK(cost->table == "50000");
    CHECK(cost->postgres_us == 6);
    CHECK(cost->row_bytes == 500);
}

TEST_CASE("a rate's cores are its costs over the part of a core that is planned for") {
    const auto table = sizing_table(without(""), {50, 3, 7});
    REQUIRE(table.has_value());
    CAPTURE(*table);
    // 100,000/s: 2 us make 0.2 cores, at 50 % 0.4; brokers 3 x 1 + 0.5 us; Kafka 100 B x 3 x 1e5 x
    // 86,400 x 7; Postgres 500 B x 1e5 x 86,400.
    CHECK(has(*table, "| 100,000 | 0.4 | 0.2 | 0.7 | 1.2 | 18.1 TB | 4.3 TB |"));
    // Never none.
    CHECK(has(*table, "| 1,000 | 0.1 | 0.1 | 0.1 | 0.1 | 181.4 GB | 43.2 GB |"));
    CHECK(has(*table, "0.50 GB in\nPostgres, 0.30 GB in Kafka"));
    CHECK(has(*table, "commit abc"));
}

TEST_CASE("one replica and a full core are what was measured") {
    const auto table = sizing_table(without(""), {100, 1, 1});
    REQUIRE(table.has_value());
    CAPTURE(*table);
    CHECK(has(*table, "| 1,000,000 | 2.0 | 1.0 | 1.5 | 6.0 | 8.6 TB | 43.2 TB |"));
}

TEST_CASE("a report that lacks a figure names it, and what brings it") {
    for (const auto& [name, value] : measured) {
        if (std::string(name).find(".1000.") != std::string::npos) continue;
        if (std::string(name) == "scale.table.50000.disk") continue;  // the smaller table is taken
        CAPTURE(name);
        const auto table = sizing_table(without(name), {});
        REQUIRE_FALSE(table.has_value());
        CHECK(has(table.error().detail, name));
        CHECK(has(table.error().detail, "./dev bench run scale"));
    }
    const auto empty = sizing_table(report(), {});
    REQUIRE_FALSE(empty.has_value());
    CHECK(has(empty.error().detail, "no filled table"));
}
