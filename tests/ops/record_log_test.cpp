// A range of a real topic: what it resolves to and what is read of it.
#include "ops/record_log.hpp"

#include "tests/ops/kafka_topic.hpp"

#include <map>
#include <set>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

schema::instant now() {
    return {std::chrono::duration_cast<std::chrono::microseconds>(
                std::chrono::system_clock::now().time_since_epoch())
                .count()};
}

base::result<ops::record_range> resolve(const kafka_topic& topic, const ops::range_words& words) {
    const auto wish = ops::parse_range(words, now());
    REQUIRE_MESSAGE(wish.has_value(), (wish ? "" : wish.error().detail));
    return ops::resolve_range(topic.settings, topic.name(), *wish);
}

// The values that the range holds, in the order of each partition.
std::vector<std::string> read_all(const kafka_topic& topic, const ops::record_range& range) {
    std::vector<std::string> values;
    for (const auto& span : range.spans) {
        auto reader = ops::record_reader::open(topic.settings, topic.name(), span);
        REQUIRE(reader.has_value());
        auto next = span.begin;
        while (!(*reader)->done()) {
            const auto read = (*reader)->read(200ms, [&](const base::kafka_received& record) {
                CHECK(record.partition() == span.partition);
                CHECK(record.offset() == next++);
                if (range.holds(record.timestamp_ms()))
                    values.emplace_back(record.value().value_or(""));
            });
            REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().detail));
        }
        CHECK((*reader)->position() == span.end);
        CHECK(next == span.end);
    }
    return values;
}

}  // namespace

TEST_CASE("everything that is there is read once, and what comes later is not") {
    kafka_topic topic(3);
    topic.fill({"a", "b", "c", "d"}, 700);
    const auto range = resolve(topic, {});
    REQUIRE(range.has_value());
    CHECK(range->topic_partitions == 3);
    CHECK(range->records() == 2800);
    topic.fill({"later"}, 10);
    const auto values = read_all(topic, *range);
    CHECK(values.size() == 2800);
    CHECK(std::set<std::string>(values.begin(), values.end()).size() == 2800);
}

TEST_CASE("between two times lie exactly the records that arrived between them") {
    kafka_topic topic(2);
    topic.fill({"before-a", "before-b"}, 50);
    std::this_thread::sleep_for(20ms);
    const auto from = now();
    std::this_thread::sleep_for(20ms);
    topic.fill({"in-a", "in-b"}, 60);
    std::this_thread::sleep_for(20ms);
    const auto to = now();
    std::this_thread::sleep_for(20ms);
    topic.fill({"after-a", "after-b"}, 70);
    const auto range = resolve(topic, {schema::to_string(from), schema::to_string(to), "", ""});
    REQUIRE(range.has_value());
    const auto values = read_all(topic, *range);
    CHECK(values.size() == 120);
    for (const auto& value : values)
        CHECK(value.starts_with("in-"));
}

TEST_CASE("a range across a topic that grew holds all, and one from before is not gone on with") {
    kafka_topic topic(1);
    const auto from = now();
    std::this_thread::sleep_for(20ms);
    topic.fill({"a", "b", "c", "d"}, 100);
    const auto before = resolve(topic, {});
    REQUIRE(before.has_value());
    topic.grow(3);
    topic.fill({"e", "f", "g", "h", "i", "j"}, 100);
    const auto range = resolve(topic, {schema::to_string(from), "", "", ""});
    REQUIRE_MESSAGE(range.has_value(), (range ? "" : range.error().detail));
    CHECK(range->topic_partitions == 3);
    CHECK(range->spans[1].size() + range->spans[2].size() > 0);
    CHECK(read_all(topic, *range).size() == 1000);
    const auto log = ops::read_log(topic.settings, topic.name());
    REQUIRE(log.has_value());
    const auto refused = ops::check_still_there(*before, {{0, 100}}, *log);
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail.find("has 3 partitions now and had 1") != std::string::npos);
}

TEST_CASE("a range that retention has cut is refused, also while it is being read") {
    kafka_topic topic(1);
    const auto before = now();
    topic.fill({"old"}, 20);
    const auto whole = resolve(topic, {});
    REQUIRE(whole.has_value());
    std::this_thread::sleep_for(20ms);
    topic.fill({"new"}, 20);
    topic.cut(0, 20);

    const auto refused = resolve(topic, {schema::to_string(before), "", "", ""});
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == base::errc::refused);
    const auto& detail = refused.error().detail;
    CAPTURE(detail);
    const auto found = detail.find("whole from ");
    REQUIRE(found != std::string::npos);
    const auto since = detail.substr(found + 11, 27);
    CHECK(resolve(topic, {since, "", "", ""}).has_value());

    auto reader = ops::record_reader::open(topic.settings, topic.name(), whole->spans[0]);
    REQUIRE(reader.has_value());
    base::result<> read;
    for (int i = 0; i < 50 && read; ++i) {
        read = (*reader)->read(200ms, [](const base::kafka_received&) { FAIL("it is gone"); });
    }
    REQUIRE(read.has_error());
    CHECK(read.error().code == base::errc::refused);
}

TEST_CASE("a topic that is not there, and a Kafka that is not, are told apart") {
    kafka_topic topic(1);
    const auto missing = ops::resolve_range(topic.settings, topic.name() + ".x", {});
    REQUIRE(missing.has_error());
    CHECK(missing.error().code == base::errc::not_found);
    ops::settings nowhere;
    nowhere.kafka = "127.0.0.1:1";
    const auto away = ops::resolve_range(nowhere, topic.name(), {});
    REQUIRE(away.has_error());
    CHECK(away.error().code == base::errc::unavailable);
}
