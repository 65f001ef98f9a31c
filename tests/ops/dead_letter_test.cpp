#include "ops/dead_letter.hpp"

#include "ops/kafka_expiry.hpp"
#include "ops/printable.hpp"
#include "tests/ops/dead_samples.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <map>

using namespace nd;
using namespace nd::tests;

namespace {

std::map<std::string, std::string> headers_of(const base::outgoing_record& record) {
    return {record.headers.begin(), record.headers.end()};
}

}  // namespace

TEST_CASE("a letter comes back as it was, with its deaths, their history and its first arrival") {
    const auto back = ops::brought_back(sample_letter());
    CHECK(back.topic == "nd.events.v1");
    CHECK(back.key == sample_tenant);
    CHECK(back.value == "{}");
    CHECK(headers_of(back) ==
          std::map<std::string, std::string>{
              {"nd-environment", "live"},
              {"nd-request", "req"},
              {"nd-something-new", "kept"},
              {"nd-attempt", "1"},
              {"nd-received-at", "1792000000456"},
              {"nd-history",
               "death 1 at 2026-10-14T20:26:41Z: 22003 postgres_22: out of range (was "
               "nd.events.v1:3:1200, letter 2:17)"}});
}

TEST_CASE("a record that dies again keeps a line for each death, the newest that fit") {
    auto letter = sample_letter();
    std::string before;
    for (int i = 1; i < 40; ++i)
        before += fmt::format("death {} {}\n", i, std::string(150, 'x'));
    letter.headers.emplace_back("nd-history", before);
    CHECK(letter.history().size() == 39);
    const auto history = headers_of(ops::brought_back(letter)).at("nd-history");
    CHECK(history.size() <= 4000);
    CHECK(history.size() > 3500);
    CHECK(history.ends_with("letter 2:17)"));
    CHECK(history.find("death 39 ") != std::string::npos);
    CHECK(history.find("death 1 x") == std::string::npos);
}

TEST_CASE("a reason of several lines stays one line of the history") {
    auto letter = sample_letter();
    set_header(letter, "nd-reason", "postgres_22: one\ntwo\x1b[31m");
    const auto history = headers_of(ops::brought_back(letter)).at("nd-history");
    CHECK(history.find("one\\x0atwo\\x1b[31m") != std::string::npos);
    CHECK(history.find('\n') == std::string::npos);
}

TEST_CASE("a letter that was cut or died too often stays") {
    auto letter = sample_letter();
    CHECK(ops::stays_because(letter, 5).empty());
    CHECK(ops::stays_because(letter, 1) == "it has died 1 times (--most-deaths 1)");
    set_header(letter, "nd-attempt", "5");
    CHECK_FALSE(ops::stays_because(letter, 5).empty());
    CHECK(ops::stays_because(letter, 6).empty());
    letter.headers.emplace_back("nd-cut-from", "3000000");
    CHECK(ops::stays_because(letter, 6) == "its value was cut: it had 3000000 bytes");
}

TEST_CASE("a letter goes back to the topic that it came from, and to no other") {
    auto letter = sample_letter();
    for (const char* topic : {"nd.events.v1", "nd.import.v1", "nd.pages.v1"}) {
        set_header(letter, "nd-source-topic", topic);
        CHECK(ops::stays_because(letter, 5).empty());
        CHECK(ops::brought_back(letter).topic == topic);
    }
    set_header(letter, "nd-source-topic", "nd.dead.v1");
    CHECK(ops::stays_because(letter, 5) ==
          "it came from nd.dead.v1, which nothing is published to again");
    std::erase_if(letter.headers, [](const auto& one) { return one.first == "nd-source-topic"; });
    CHECK(ops::stays_because(letter, 5) == "it does not say which topic it came from");
}

TEST_CASE("what a letter does not say, or says badly, has an honest value") {
    ops::dead_letter letter;
    letter.died_ms = 1000;
    CHECK_FALSE(letter.tenant().has_value());
    CHECK(letter.code() == "unknown");
    CHECK(letter.deaths() == 1);
    CHECK(letter.received_ms() == 1000);
    CHECK(letter.history().empty());
    for (const char* nonsense : {"", "x", "-1", "1e3", "99999999999999999999"}) {
        set_header(letter, "nd-attempt", nonsense);
        set_header(letter, "nd-received-at", nonsense);
        CHECK(letter.deaths() == 1);
        CHECK(letter.received_ms() == 1000);
    }
    set_header(letter, "nd-received-at", "1001");  // nothing arrives after it has died
    CHECK(letter.received_ms() == 1000);
    letter.key = "{" + std::string(sample_tenant) + "}";
    CHECK_FALSE(letter.tenant().has_value());
}

TEST_CASE("what a terminal obeys is escaped, text is not") {
    CHECK(ops::printable("Gr\xc3\xbc\xc3\x9f"
                         "e \xf0\x9f\x98\x80") ==
          "Gr\xc3\xbc\xc3\x9f"
          "e \xf0\x9f\x98\x80");
    CHECK(ops::printable(std::string_view("\x1b[2J\0\r\n\x7f", 8)) ==
          "\\x1b[2J\\x00\\x0d\\x0a\\x7f");
    CHECK(ops::printable("\xc2\x9b"
                         "31m") == "\\xc2\\x9b31m");
    CHECK(ops::printable("\xff\xc3") == "\\xff\\xc3");
}

TEST_CASE("Kafka keeps a record for its retention at least, and for a segment longer at most") {
    const ops::kafka_retention week{604'800'000, 86'400'000};
    const auto expiry = ops::expiry_of(1'792'000'000'456, week);
    CHECK(ops::to_text(expiry) ==
          "2026-10-21T17:46:40Z at the earliest, 2026-10-22T17:46:40Z at the latest");
    CHECK(ops::to_text(ops::expiry_of(1, {-1, 5})) == "for ever");
    constexpr auto largest = std::numeric_limits<std::int64_t>::max();
    CHECK(ops::to_text(ops::expiry_of(1, {largest, 5})) == "for ever");
    CHECK(ops::to_text(ops::expiry_of(1, {5, largest})) == "for ever");
    base::topic_facts facts{"t", true, 1, 1, {{"retention.ms", "604800000"}}};
    CHECK(ops::retention_of(facts).error().code == base::errc::refused);
    facts.config["segment.ms"] = "86400000";
    CHECK(ops::retention_of(facts).value() == week);
}
