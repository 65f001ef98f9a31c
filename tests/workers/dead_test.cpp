#include "workers/dead.hpp"

#include "base/pg_error.hpp"
#include "tests/workers/records.hpp"
#include "workers/park.hpp"
#include "workers/verdict.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace nd;
using namespace nd::tests;
using workers::dead_letter;

TEST_CASE("a dead record keeps what is needed to bring it back, and says why it is there") {
    dead_letter letter{
        "k", "v", "test", "req", {}, 4, 99, "22003", "postgres_22: out of range", 1'792'000'000'456,
        {},  {}};
    const auto record = workers::to_record(letter, "nd.events.v1");
    CHECK(record.topic == "nd.dead.v1");
    CHECK(record.key == "k");
    CHECK(record.value == "v");
    const std::map<std::string, std::string> headers(record.headers.begin(), record.headers.end());
    CHECK(headers == std::map<std::string, std::string>{{"nd-environment", "test"},
                                                        {"nd-request", "req"},
                                                        {"nd-reason", "postgres_22: out of range"},
                                                        {"nd-sqlstate", "22003"},
                                                        {"nd-source-topic", "nd.events.v1"},
                                                        {"nd-source-partition", "4"},
                                                        {"nd-source-offset", "99"},
                                                        {"nd-attempt", "1"},
                                                        {"nd-received-at", "1792000000456"}});
}

TEST_CASE("each death counts one attempt more; nonsense counts as none") {
    const auto attempt_after = [](std::optional<std::string> before) {
        dead_letter letter;
        letter.attempt = std::move(before);
        const auto record = workers::to_record(letter, "nd.events.v1");
        return record.headers.back().second;
    };
    CHECK(attempt_after(std::nullopt) == "1");
    CHECK(attempt_after("1") == "2");
    CHECK(attempt_after("41") == "42");
    for (const char* nonsense : {"", "x", "1x", "-3", "99999999999999999999"}) {
        CHECK(attempt_after(nonsense) == "1");
    }
}

TEST_CASE(
    "however large a foreign record was, its dead record fits the topic and says what was cut") {
    workers::dead_letter letter;
    letter.key = std::string(3 << 20, 'k');
    letter.value = std::string(5 << 20, 'v');
    letter.request = std::string(1 << 20, 'r');
    letter.reason = std::string(1 << 20, 'x');
    const auto record = workers::to_record(letter, "nd.events.v1");
    std::size_t size = record.key->size() + record.value->size();
    std::string cut_from;
    for (const auto& [name, value] : record.headers) {
        size += name.size() + value.size();
        if (name == "nd-cut-from") cut_from = value;
    }
    CHECK(size + 1024 < schema::max_record_bytes);
    CHECK(cut_from == std::to_string(5 << 20));
    letter.value = "short";
    for (const auto& [name, value] : workers::to_record(letter, "nd.events.v1").headers)
        CHECK(name != "nd-cut-from");
}

TEST_CASE("a record without key or value stays without them") {
    const auto record = workers::to_record(dead_letter{}, "nd.events.v1");
    CHECK_FALSE(record.key.has_value());
    CHECK_FALSE(record.value.has_value());
    CHECK(workers::reason_code("no_key: the record has no key") == "no_key");
}

TEST_CASE("dead records of more than half of 5 tenants or more are our bug") {
    struct example {
        int tenants;
        int with_dead;
        bool ours;
    };
    for (const auto& e :
         {example{4, 4, false}, example{5, 2, false}, example{5, 3, true}, example{6, 3, false},
          example{6, 4, true}, example{100, 50, false}, example{100, 51, true}}) {
        CAPTURE(e.tenants);
        CAPTURE(e.with_dead);
        std::vector<test_record> records;
        for (int t = 0; t < e.tenants; ++t) {
            records.push_back(good_record(t, t));
            records.push_back(good_record(t, 1000 + t));
            if (t < e.with_dead) records.back().value = "junk";
        }
        const auto load = parcel_of(records);
        const auto share = workers::share_of(*load, load->records.unreadable());
        CHECK(share.tenants == static_cast<std::size_t>(e.tenants));
        CHECK(share.with_dead == static_cast<std::size_t>(e.with_dead));
        CHECK(share.is_our_bug() == e.ours);
    }
}

TEST_CASE("records that somebody replayed and that die again are not our bug") {
    std::vector<test_record> records;
    for (int t = 0; t < 10; ++t) {
        records.push_back(good_record(t, t));
        records.back().value = "junk";
        records.back().attempt = "1";
    }
    auto load = parcel_of(records);
    auto share = workers::share_of(*load, load->records.unreadable());
    CHECK(share.tenants == 10);
    CHECK(share.with_dead == 0);
    CHECK_FALSE(share.is_our_bug());
    for (std::size_t t = 0; t < 6; ++t)
        records[t].attempt.reset();
    load = parcel_of(records);
    share = workers::share_of(*load, load->records.unreadable());
    CHECK(share.with_dead == 6);
    CHECK(share.is_our_bug());
}

TEST_CASE("keys that name no tenant count each as itself") {
    std::vector<test_record> records;
    for (int i = 0; i < 6; ++i) {
        records.push_back(good_record(1, i));
        records.back().key = "bad" + std::to_string(i);
    }
    auto load = parcel_of(records);
    CHECK(workers::share_of(*load, load->records.unreadable()).is_our_bug());
    for (auto& r : records)
        r.key = "bad";
    load = parcel_of(records);
    CHECK_FALSE(workers::share_of(*load, load->records.unreadable()).is_our_bug());
}

TEST_CASE("errors are sorted as the design says") {
    using base::errc;
    using workers::verdict;
    const auto of = [](errc code, const char* state) {
        return workers::verdict_of(base::error{code, "", state});
    };
    CHECK(of(errc::conflict, "40P01") == verdict::again);
    CHECK(of(errc::unavailable, "57P01") == verdict::restart);
    CHECK(of(errc::unavailable, "") == verdict::restart);  // Kafka
    CHECK(of(errc::internal, "ND002") == verdict::restart);
    CHECK(of(errc::internal, "ND001") == verdict::park);
    CHECK(of(errc::refused, "42501") == verdict::park);
    CHECK(of(errc::data, "22021") == verdict::park);  // for the whole batch: no record's fault
    CHECK(workers::class_of({errc::refused, "", "42501"}) == "42");
    CHECK(workers::class_of({errc::unavailable, "", ""}) == "other");
}

TEST_CASE("every class of SQLSTATE that Postgres knows parks, but those that are said to pass") {
    using workers::verdict;
    const std::map<std::string, verdict> passing{{"08", verdict::restart}, {"25", verdict::restart},
                                                 {"40", verdict::again},   {"53", verdict::restart},
                                                 {"55", verdict::restart}, {"57", verdict::restart},
                                                 {"58", verdict::restart}};
    for (const std::string group :
         {"00", "01", "02", "03", "08", "09", "0A", "0B", "0F", "0L", "0P", "0Z", "10", "20", "21",
          "22", "23", "24", "25", "26", "27", "28", "2B", "2D", "2F", "34", "38", "39", "3B", "3D",
          "3F", "40", "42", "44", "53", "54", "55", "57", "58", "72", "F0", "HV", "P0", "XX"}) {
        CAPTURE(group);
        const auto state = group + "001";
        const base::error whole_batch{base::pg::errc_of_sqlstate(state), "", state};
        const auto passes = passing.find(group);
        CHECK(workers::verdict_of(whole_batch) ==
              (passes == passing.end() ? verdict::park : passes->second));
    }
}

TEST_CASE("the letters of both kinds keep when the record first arrived and how it died before") {
    auto record = good_record(1, 1);
    record.attempt = "1";
    record.received_at = "1792000000456";
    record.history = "an earlier death";
    auto junk = good_record(2, 2);
    junk.value = "junk";
    const auto load = parcel_of({record, junk});
    const auto row = workers::letter_of(load->records.rows()[0], "22003", "no");
    CHECK(row.received_ms == 1'792'000'000'456);
    CHECK(row.history == "an earlier death");
    const auto& unread = load->records.unreadable()[0];
    CHECK(unread.received_ms == 1'793'000'000'123);
    CHECK_FALSE(unread.history.has_value());
    const auto headers = workers::to_record(row, "nd.events.v1").headers;
    CHECK(headers.back() == std::pair<std::string, std::string>("nd-history", "an earlier death"));
}
