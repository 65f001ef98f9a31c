#include "ops/record_range.hpp"

#include <doctest/doctest.h>

using namespace nd;
using ops::bracket;
using ops::parse_range;
using ops::partition_span;

namespace {

schema::instant at(const char* text) {
    return schema::parse_instant(text).at;
}
const schema::instant now = at("2026-11-25T12:00:00Z");

std::int64_t ms(const char* text) {
    return at(text).us / 1000;
}

// Partition 0 begins at 100 and ends at 200, partition 1 is whole.
ops::topic_log two_partitions() {
    return {"t", "c", 3'600'000, {{0, 100, 200, {}, {}, {}}, {1, 0, 50, {}, {}, {}}}};
}

ops::record_range fine(const base::result<ops::record_range>& got) {
    REQUIRE_MESSAGE(got.has_value(), (got ? "" : got.error().detail));
    return *got;
}

}  // namespace

TEST_CASE("a range that cannot be meant is refused in words that name the flag") {
    const std::pair<ops::range_words, const char*> table[] = {
        {{"2026-11-25", "", "", ""}, "--from 2026-11-25"},
        {{"2026-11-25T12:00:00.000001Z", "", "", ""},
         "--from 2026-11-25T12:00:00.000001Z lies in the future"},
        {{"", "2026-11-26T00:00:00Z", "", ""}, "--to 2026-11-26T00:00:00Z lies in the future"},
        {{"2026-11-24T00:00:00Z", "2026-11-23T00:00:00Z", "", ""}, "is reversed"},
        {{"2026-11-24T00:00:00Z", "2026-11-24T01:00:00+01:00", "", ""}, "is empty"},
        {{"2026-11-24T00:00:00Z", "", "0:1", ""}, "not as both"},
        {{"", "", "100", ""}, "PARTITION:OFFSET"},
        {{"", "", "0:-1", ""}, "PARTITION:OFFSET"},
        {{"", "", "0:1,0:2", ""}, "names partition 0 twice"},
        {{"", "", "0:5", "0:5"}, "is empty"},
        {{"", "", "0:5", "0:4"}, "is reversed"},
    };
    for (const auto& [words, says] : table) {
        CAPTURE(says);
        const auto got = parse_range(words, now);
        REQUIRE(got.has_error());
        CHECK(got.error().code == base::errc::invalid);
        CHECK(got.error().detail.find(says) != std::string::npos);
        CAPTURE(got.error().detail);
    }
}

TEST_CASE("without a word everything that is there is meant, up to the end of this moment") {
    const auto wish = parse_range({}, now);
    REQUIRE(wish.has_value());
    const auto range = fine(bracket(*wish, two_partitions(), now));
    CHECK(range.spans == std::vector<partition_span>{{0, 100, 200}, {1, 0, 50}});
    CHECK(range.records() == 150);
    CHECK(range.watermark == std::vector<ops::partition_offset>{{0, 200}, {1, 50}});
    CHECK(range.holds(0));
}

TEST_CASE("times are bracketed by offsets and judged by each record") {
    const auto wish =
        parse_range({"2026-11-25T10:00:00Z", "2026-11-25T11:00:00.0005Z", "", ""}, now);
    REQUIRE(wish.has_value());
    auto log = two_partitions();
    log.partitions[0].at_from = 120;
    log.partitions[0].after_to = 180;
    log.partitions[1].at_from = 50;
    log.partitions[1].after_to = 50;
    const auto range = fine(bracket(*wish, log, now));
    CHECK(range.spans == std::vector<partition_span>{{0, 120, 180}, {1, 50, 50}});
    CHECK_FALSE(range.holds(ms("2026-11-25T09:59:59.999Z")));
    CHECK(range.holds(ms("2026-11-25T10:00:00Z")));
    CHECK(range.holds(ms("2026-11-25T11:00:00Z")));
    CHECK_FALSE(range.holds(ms("2026-11-25T11:00:00.001Z")));
}

TEST_CASE("what retention has cut is refused, and the answer names a beginning that is taken") {
    auto log = two_partitions();
    log.partitions[0].at_from = 100;
    log.partitions[0].first_ms = ms("2026-11-25T10:00:00Z");
    log.partitions[1].at_from = 0;
    const auto cut = bracket(*parse_range({"2026-11-25T09:00:00Z", "", "", ""}, now), log, now);
    REQUIRE(cut.has_error());
    CHECK(cut.error().code == base::errc::refused);
    CHECK(cut.error().detail.find("whole from 2026-11-25T10:00:00.001000Z on") !=
          std::string::npos);
    // A record of the same millisecond may be among the ones that are gone.
    CHECK(bracket(*parse_range({"2026-11-25T10:00:00Z", "", "", ""}, now), log, now).has_error());
    const auto later = parse_range({"2026-11-25T10:00:00.001Z", "", "", ""}, now);
    CHECK(bracket(*later, log, now).has_value());
}

TEST_CASE("of several partitions that are cut, the one that is whole the latest is named") {
    auto log = two_partitions();
    log.partitions[0] = {0, 100, 200, 100, {}, ms("2026-11-25T10:00:00Z")};
    log.partitions[1] = {1, 5, 50, 5, {}, ms("2026-11-25T10:30:00Z")};
    const auto cut = bracket(*parse_range({"2026-11-25T09:00:00Z", "", "", ""}, now), log, now);
    REQUIRE(cut.has_error());
    CHECK(cut.error().detail.find("whole from 2026-11-25T10:30:00.001000Z on") !=
          std::string::npos);
    log.partitions[0].at_from = 150;
    CHECK(
        bracket(*parse_range({"2026-11-25T10:30:00.001Z", "", "", ""}, now), log, now).has_value());
}

TEST_CASE("an emptied partition is cut only where its records could have been meant") {
    auto log = two_partitions();
    log.partitions[0] = {0, 200, 200, 200, {}, {}};
    log.partitions[1].at_from = 10;
    const auto younger = parse_range({"2026-11-25T11:00:00Z", "", "", ""}, now);
    CHECK(bracket(*younger, log, now).has_value());
    const auto older = parse_range({"2026-11-25T10:59:59Z", "", "", ""}, now);
    CHECK(bracket(*older, log, now).has_error());
    log.retention_ms = -1;  // then somebody deleted them, and nobody knows how old they were
    CHECK(bracket(*younger, log, now).has_error());
}

TEST_CASE("offsets are exact, and only the partitions that were named are read") {
    const auto wish = parse_range({"", "", "0:150", "0:160"}, now);
    REQUIRE(wish.has_value());
    const auto range = fine(bracket(*wish, two_partitions(), now));
    CHECK(range.spans == std::vector<partition_span>{{0, 150, 160}, {1, 50, 50}});
    CHECK(ops::to_text(range) == "t, partition 0: 150-160");

    const std::pair<ops::range_words, const char*> table[] = {
        {{"", "", "0:99", ""}, "offset 99 is gone"},   {{"", "", "", "0:90"}, "is empty"},
        {{"", "", "0:201", ""}, "ends at offset 200"}, {{"", "", "0:200", ""}, "is empty"},
        {{"", "", "", "1:51"}, "ends at offset 50"},   {{"", "", "2:0", ""}, "has no partition 2"},
    };
    for (const auto& [words, says] : table) {
        CAPTURE(says);
        const auto refused = bracket(*parse_range(words, now), two_partitions(), now);
        REQUIRE(refused.has_error());
        CHECK(refused.error().detail.find(says) != std::string::npos);
    }
}

TEST_CASE("a range that is gone on with must still be there, in the same topic") {
    const auto range = fine(bracket(*parse_range({}, now), two_partitions(), now));
    const std::vector<ops::partition_offset> next{{0, 150}, {1, 50}};
    auto log = two_partitions();
    CHECK(ops::check_still_there(range, next, log).has_value());
    log.partitions[0].start = 150;
    log.partitions[1].start = 50;  // done with that one
    CHECK(ops::check_still_there(range, next, log).has_value());
    const auto says = [&](const char* words) {
        const auto got = ops::check_still_there(range, next, log);
        REQUIRE(got.has_error());
        CHECK(got.error().code == base::errc::refused);
        CHECK(got.error().detail.find(words) != std::string::npos);
    };
    log.partitions[0].start = 151;
    says("offset 150 is gone");
    log.partitions[0] = {0, 0, 180, {}, {}, {}};
    says("was made anew");
    log = two_partitions();
    log.cluster = "another";
    says("was made anew");
    log = two_partitions();
    log.partitions.push_back({2, 0, 0, {}, {}, {}});
    says("has 3 partitions now and had 2");
}

TEST_CASE("a range is the same after it was kept as JSON") {
    auto range = fine(bracket(*parse_range({}, now), two_partitions(), now));
    range.from = now;
    const auto again = ops::range_of(ops::to_json(range));
    CHECK(again.spans == range.spans);
    CHECK(again.watermark == range.watermark);
    CHECK(again.from == range.from);
    CHECK_FALSE(again.to.has_value());
    CHECK(again.topic == "t");
    CHECK(again.cluster == "c");
    CHECK(again.topic_partitions == 2);
}
