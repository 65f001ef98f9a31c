// What lies in Kafka behind a 202, read back from a real broker: key, headers, bytes. And that
// nothing lies there where nothing was promised.
#include "schema/record.hpp"
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/topic_reader.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace nd::tests;

namespace {

using header_list = std::vector<std::pair<std::string, std::string>>;

topic_reader events_from_now_on() {
    return {required("ND_TEST_KAFKA"), nd::schema::events_topic};
}

std::string accepted_total(const edge_process& edge) {
    const std::string name = "\nnd_ingest_events_accepted_total";
    const auto text = edge.admin("/metrics").body;
    const auto at = text.find(name);
    REQUIRE(at != std::string::npos);
    return text.substr(at + name.size(), text.find('\n', at + 1) - at - name.size());
}

}  // namespace

TEST_CASE("a record is the event's own bytes under its tenant's id, with where it came from") {
    auto& edge = shared_edge();
    const auto key = edge.known_key();
    auto reader = events_from_now_on();
    // Whitespace, escapes, spellings of a number and of a time, a repeated name: nothing is tidied.
    const auto odd = "{ \"name\" :\t\"clicked\"  ,\r\n \"occurred_at\":\"" + time_text() +
                     "\",\"properties\" : { \"a\":1.50e+01 ,\n\"a\": \"\\u00e9\\/\" , \"b\":[ ] } ,"
                     "\"event_id\":\"" +
                     fresh_id() + "\"\n}";
    const auto plain = event();
    auto what = good_request(key.key);
    what.body = "{\"events\" : [ " + odd + "\n,\t" + plain + " ] }";
    const auto got = edge.ask(what);
    REQUIRE(got.status == 202);
    const auto records = reader.of_key(key.tenant, 2);
    REQUIRE(records.size() == 2);
    CHECK(records[0].value == odd);
    CHECK(records[1].value == plain);
    const auto request = member(got, "request_id");
    CHECK(request.size() == 36);
    for (const auto& one : records)
        CHECK(one.headers == header_list{{"nd-environment", "live"}, {"nd-request", request}});
}

TEST_CASE("the records of an nd_test_ key say that their environment is test") {
    auto& edge = shared_edge();
    const auto key = edge.known_key("--environment test");
    REQUIRE(key.key.starts_with("nd_test_"));
    auto reader = events_from_now_on();
    const auto got = edge.ask(good_request(key.key, 3));
    REQUIRE(got.status == 202);
    const auto records = reader.of_key(key.tenant, 3);
    REQUIRE(records.size() == 3);
    for (const auto& one : records)
        CHECK(one.headers ==
              header_list{{"nd-environment", "test"}, {"nd-request", member(got, "request_id")}});
}

TEST_CASE("?validate=1 and what is refused leave nothing in Kafka and count nothing as accepted") {
    auto& edge = shared_edge();
    const auto key = edge.known_key();
    auto reader = events_from_now_on();
    const auto before = accepted_total(edge);
    auto what = good_request(key.key, 5);
    what.line = "POST /v1/events?validate=1 HTTP/1.1";
    CHECK(edge.ask(what).status == 200);
    what = good_request(key.key);
    what.body = batch("1");
    CHECK(edge.ask(what).status == 422);
    CHECK(accepted_total(edge) == before);
    what.body = batch(event());
    REQUIRE(edge.ask(what).status == 202);
    // What it waits for is a record too many, in whichever partition.
    const auto records = reader.of_key(key.tenant, 2, std::chrono::seconds(2));
    REQUIRE(records.size() == 1);
    CHECK(batch(records[0].value) == what.body);
    CHECK(accepted_total(edge) != before);
}

// Sends that many requests of a tenant of their own, one after the other, each with so many events;
// the partitions that each was found in.
std::map<std::string, std::set<int>> partitions_of(std::size_t requests, std::size_t events) {
    auto& edge = shared_edge();
    const auto key = edge.known_key();
    auto reader = events_from_now_on();
    for (std::size_t i = 0; i < requests; ++i)
        REQUIRE(edge.ask(good_request(key.key, static_cast<int>(events))).status == 202);
    const auto records = reader.of_key(key.tenant, events * requests);
    REQUIRE(records.size() == events * requests);
    std::map<std::string, std::set<int>> of_request;
    for (const auto& one : records)
        of_request[one.headers.at(1).second].insert(one.partition);
    CHECK(of_request.size() == requests);
    return of_request;
}

TEST_CASE("a small request's events are in one partition, a tenant's small requests in all") {
    std::set<int> all;
    for (const auto& [id, partitions] : partitions_of(40, 7)) {
        CHECK(partitions.size() == 1);
        all.merge(std::set<int>(partitions));
    }
    CHECK(all == std::set<int>{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("a tenant's larger requests are in one partition") {
    std::set<int> all;
    for (const auto& [id, partitions] : partitions_of(20, 8))
        all.merge(std::set<int>(partitions));
    CHECK(all.size() == 1);
}
