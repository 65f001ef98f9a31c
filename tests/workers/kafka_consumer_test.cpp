#include "base/kafka_consumer.hpp"

#include "tests/workers/mock_kafka.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using base::kafka_position;

TEST_CASE(
    "an assignment fetches nothing until it is told from where, and then exactly from there") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka, numbered_records("t", 20));
    {
        // The group has an offset: librdkafka alone would go on from there.
        test_member before(kafka, "t");
        REQUIRE(before.poll_until([&] { return before.ours.has_value(); }));
        const std::vector<kafka_position> done{{0, 3}};
        REQUIRE(before.consumer->commit_now(done).has_value());
    }
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    CHECK(*member.ours == std::vector<std::int32_t>{0});
    for (int i = 0; i < 20; ++i)
        member.poll_once(20ms);
    CHECK(member.seen.empty());
    CHECK(member.out_of_range.empty());

    member.fetch({{0, 7}});
    REQUIRE(member.poll_until([&] { return member.seen.size() == 13; }));
    CHECK(member.seen.front() == kafka_position{0, 7});
    CHECK(member.seen.back() == kafka_position{0, 19});
}

TEST_CASE("going back delivers the older record first, never one that was fetched before") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka, numbered_records("t", 2000));
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    for (std::int64_t round = 0; round < 30; ++round) {
        CAPTURE(round);
        const std::int64_t start = (round * 613) % 1900;
        member.fetch({{0, start}});
        REQUIRE(member.poll_until([&] { return member.seen.size() >= 40; }));
        for (std::size_t i = 0; i < 40; ++i) {
            REQUIRE(member.seen[i].offset == start + static_cast<std::int64_t>(i));
        }
    }
}

TEST_CASE("fetching from nowhere is a pause: no records, and still a member") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka, numbered_records("t", 100));
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    member.fetch({{0, 0}});
    REQUIRE(member.poll_until([&] { return member.seen.size() >= 5; }));
    member.fetch({});
    for (int i = 0; i < 30; ++i)
        member.poll_once(20ms);
    CHECK(member.seen.empty());
    CHECK(member.revocations == 0);
    member.fetch({{0, 5}});
    REQUIRE(member.poll_until([&] { return !member.seen.empty(); }));
    CHECK(member.seen.front() == kafka_position{0, 5});
}

TEST_CASE("a second member takes its share although the first one fetches nothing") {
    mock_kafka kafka;
    kafka.make_topic("t", 4);
    test_member first(kafka, "t");
    REQUIRE(first.poll_until([&] { return first.ours.has_value(); }));
    CHECK(first.ours->size() == 4);
    first.fetch({});
    test_member second(kafka, "t");
    REQUIRE(first.poll_until([&] {
        second.poll_once(10ms);
        return first.ours && first.ours->size() == 2 && second.ours && second.ours->size() == 2;
    }));
    CHECK(first.revocations >= 1);

    SUBCASE("and leaving gives it back") {
        second.consumer->close();
        CHECK(second.revocations >= 1);
        REQUIRE(first.poll_until([&] { return first.ours && first.ours->size() == 4; }));
    }
}

TEST_CASE("an offset outside the log ends that partition only, by name") {
    mock_kafka kafka;
    kafka.make_topic("t", 2);
    // A key of its own each: without one, librdkafka sticks to one partition for a while, which may
    // be all of them.
    auto records = numbered_records("t", 400);
    for (std::size_t i = 0; i < records.size(); ++i)
        records[i].key = "key " + std::to_string(i);
    publish(kafka, records);
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    member.fetch({{0, 0}, {1, 1'000'000}});
    REQUIRE(
        member.poll_until([&] { return !member.out_of_range.empty() && !member.seen.empty(); }));
    CHECK(member.out_of_range == std::vector<std::int32_t>{1});
    for (const auto& at : member.seen)
        CHECK(at.partition == 0);
}

TEST_CASE("committed offsets come back, and none where the group has none") {
    mock_kafka kafka;
    kafka.make_topic("t", 2);
    publish(kafka, numbered_records("t", 10));
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    const std::vector<kafka_position> done{{1, 6}};
    REQUIRE(member.consumer->commit_now(done).has_value());
    const std::vector<std::int32_t> asked{0, 1};
    auto found = member.consumer->committed(asked, 5s);
    REQUIRE(found.has_value());
    CHECK(*found == std::vector<std::optional<std::int64_t>>{std::nullopt, 6});
}

TEST_CASE("log bounds and known end are told") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka, numbered_records("t", 10));
    test_member member(kafka, "t");
    auto bounds = member.consumer->log_bounds(0, 5s);
    REQUIRE(bounds.has_value());
    CHECK(bounds->start == 0);
    CHECK(bounds->end == 10);
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    member.fetch({{0, 3}});
    REQUIRE(member.poll_until([&] { return member.seen.size() == 7; }));
    CHECK(member.consumer->known_end(0) == 10);
}

TEST_CASE("a record carries its key, value, headers and time") {
    mock_kafka kafka;
    kafka.make_topic("t", 1);
    publish(kafka,
            {{"t", "k", "v", {{"a", "1"}, {"b", "2"}}}, {"t", std::nullopt, std::nullopt, {}}});
    test_member member(kafka, "t");
    REQUIRE(member.poll_until([&] { return member.ours.has_value(); }));
    member.fetch({{0, 0}});
    base::kafka_received got;
    for (int i = 0; i < 100 && got.what() != base::kafka_received::kind::record; ++i) {
        got = member.consumer->poll(100ms).value();
    }
    CHECK(got.key() == "k");
    CHECK(got.value() == "v");
    CHECK(got.timestamp_ms() > 1'600'000'000'000);
    std::string headers;
    got.each_header([&](std::string_view name, std::string_view value) {
        headers += std::string(name) + "=" + std::string(value) + ";";
    });
    CHECK(headers == "a=1;b=2;");
    got = member.consumer->poll(5s).value();
    CHECK_FALSE(got.key().has_value());
    CHECK_FALSE(got.value().has_value());
}
