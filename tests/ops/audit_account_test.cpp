// The equation of an audit, and what each way of breaking it comes to.
#include "ops/audit_account.hpp"
#include "ops/audit_letters.hpp"
#include "ops/audit_marks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace nd;
using namespace nd::ops;

namespace {

sighting event(std::uint8_t number, std::int64_t offset, std::uint32_t marks = sighting::due) {
    sighting made;
    made.event.value.bytes[15] = number;
    made.offset = offset;
    made.payload = 7;
    made.marks = marks;
    return made;
}

std::vector<seen_event> grouped(std::vector<sighting> records) {
    std::sort(records.begin(), records.end(), by_identity());
    std::vector<seen_event> events;
    event_grouping group([&events](const seen_event& one) { events.push_back(one); });
    for (const auto& record : records)
        group.add(record);
    group.end();
    return events;
}

identity_sum sum(std::initializer_list<std::uint8_t> numbers) {
    identity_sum made;
    for (const auto number : numbers)
        made.add(event(number, 0).hash());
    return made;
}

audit_account account(const std::vector<sighting>& records) {
    audit_account made;
    for (const auto& one : grouped(records))
        take(made, one);
    return made;
}

}  // namespace

TEST_CASE("records of one event are put together: repeats and conflicts are counted apart") {
    auto other = event(1, 30);
    other.payload = 8;
    const auto made = account({event(2, 10), event(1, 11), event(2, 12), event(3, 13), other});
    CHECK(made.records == 5);
    CHECK(made.repeats == 2);
    CHECK(made.conflicts == 1);
    CHECK(made.due == sum({1, 2, 3}));
    CHECK(made.pending == identity_sum());
}

TEST_CASE("an event is due when one of its records is, whichever came first") {
    const auto events = grouped(
        {event(1, 5, 0), event(1, 2), event(2, 6, 0), event(2, 7, 0), event(3, 1, 0), event(3, 9)});
    REQUIRE(events.size() == 3);
    CHECK(events[0].first.offset == 2);
    CHECK(events[1].first.offset == 6);
    CHECK_FALSE(events[1].first.is(sighting::due));
    CHECK(events[2].first.offset == 9);
    CHECK(events[2].first.is(sighting::due));
}

TEST_CASE("an event that came again after it was erased must be there") {
    const auto erased = sighting::due | sighting::erased;
    const auto expired = sighting::due | sighting::expired;
    const auto events =
        grouped({event(1, 1, erased), event(1, 2), event(2, 1, erased), event(2, 2, erased),
                 event(3, 1, expired), event(3, 2), event(4, 1, expired), event(4, 2, 0)});
    REQUIRE(events.size() == 4);
    CHECK_FALSE(events[0].erased);
    CHECK(events[1].erased);
    CHECK_FALSE(events[2].expired);
    CHECK(events[3].expired);  // the other record is not due yet
}

TEST_CASE("equal sums need no look-up, and any difference does") {
    auto one = account({event(1, 1), event(2, 2)});
    one.arrived = sum({2, 1});
    CHECK_FALSE(needs_lookup(one, true));
    CHECK(is_equal(one));
    CHECK(needs_lookup(one, false));
    one.arrived = sum({1, 3});  // as many, but others
    CHECK(needs_lookup(one, true));
    CHECK_FALSE(is_equal(one));
}

TEST_CASE("what has no row is accounted for by its fate, and only missing is a finding") {
    auto one = account({event(1, 1), event(2, 2), event(3, 3), event(4, 4), event(5, 5)});
    one.arrived = sum({1});
    one.looked_up = true;
    one.inside = sum({1});
    one.dead = sum({2});
    one.dropped = sum({3});
    one.erased = sum({4});
    CHECK_FALSE(is_equal(one));  // 5 is nowhere
    one.expired = sum({5});
    CHECK(is_equal(one));
    CHECK(wanted(one) == sum({1}));
    one.expired = {};
    one.missing = sum({5});
    CHECK_FALSE(is_equal(one));
}

TEST_CASE("rows of pending events are on no side, repeats of older events on both") {
    auto one = account({event(1, 1), event(2, 2), event(3, 30, 0), event(4, 31, 0)});
    one.arrived = sum({1, 3});  // 2 arrived before the range, 3 is there before it is due
    one.looked_up = true;
    one.inside = sum({1});
    one.outside = sum({2});
    one.pending_inside = sum({3});
    CHECK(surplus(one) == identity_sum());
    CHECK(is_equal(one));
    one.pending_inside = sum({3, 4});  // 4 was stored between the two questions
    CHECK(surplus(one) != identity_sum());
    CHECK(is_equal(one));
    one.pending_inside = sum({3});
    one.arrived.add(event(9, 0).hash());
    CHECK(surplus(one) == sum({9}));
    one.spurious = sum({9});
    CHECK_FALSE(is_equal(one));
    CHECK(stored(one) == sum({1, 2, 9}));
}

TEST_CASE("sums of parts add up to the whole in any order") {
    std::mt19937_64 random(3);
    identity_sum whole;
    std::array<identity_sum, 4> parts;
    for (int i = 0; i < 1000; ++i) {
        const auto hash = random();
        whole.add(hash);
        parts[random() % parts.size()].add(hash);
    }
    CHECK(parts[3] + parts[1] + parts[0] + parts[2] == whole);
    CHECK(whole - parts[2] - parts[0] == parts[1] + parts[3]);
}

TEST_CASE("letters decide: an open one counts before any that was dealt with") {
    const auto fate_by = [](std::vector<letter_state> letters) { return fate_of(letters, 0); };
    CHECK(fate_by({}) == fate::lost);
    CHECK(fate_by({{"", 1}}) == fate::dead);
    CHECK(fate_by({{"replayed", 1}, {"", 2}}) == fate::dead);
    CHECK(fate_by({{"replayed", 1}, {"dropped", 2}}) == fate::dropped);
    CHECK(fate_by({{"dropped", 1}, {"erased", 2}}) == fate::erased);
}

TEST_CASE("a letter that was published again is waited for until its record is due") {
    const auto fate_by = [](std::vector<letter_state> letters, std::uint32_t deaths) {
        return fate_of(letters, deaths);
    };
    CHECK(fate_by({{"replayed", 1}}, 0) == fate::again);
    CHECK(fate_by({{"replayed", 1}}, 1) == fate::lost);
    CHECK(fate_by({{"replayed", 1}, {"replayed", 2}}, 1) == fate::again);
    CHECK(fate_by({{"replayed", 2}}, 1) == fate::again);  // the first is older than the range
    CHECK(fate_by({{"replayed", 1}, {"replayed", 2}}, 2) == fate::lost);
    CHECK(fate_by({}, 3) == fate::lost);

    auto one = account({event(1, 1), event(2, 2)});
    one.arrived = sum({1});
    one.looked_up = true;
    one.inside = sum({1});
    postpone(one, event(2, 2).hash());
    CHECK(one.due == sum({1}));
    CHECK(one.pending == sum({2}));
    CHECK(is_equal(one));
}

TEST_CASE("an event has died as often as that of its due records which died most") {
    const auto died = [](std::uint32_t times) { return times * sighting::one_death; };
    const auto events =
        grouped({event(1, 1), event(1, 2, sighting::due | died(2)),
                 event(1, 3, sighting::due | died(1)), event(2, 1, died(4)),
                 event(2, 2, sighting::due | died(1)), event(3, 1), event(3, 2, died(1))});
    REQUIRE(events.size() == 3);
    CHECK(events[0].deaths == 2);
    CHECK(events[1].deaths == 1);
    CHECK(events[2].deaths == 0);
    CHECK(events[0].first.is(sighting::due));
    CHECK_FALSE(events[0].conflict);
}

TEST_CASE("only what arrived before its week was dropped has expired") {
    audit_marks marks;
    const std::int64_t monday = 1'793'577'600'000'000;
    const std::int64_t week = 7 * 86'400'000'000;
    marks.week_dropped(monday, monday + 10 * week);
    const auto at = [&](std::int64_t occurred, std::int64_t received) {
        schema::record_view record;
        record.event.occurred_at.us = occurred;
        record.received_at.us = received;
        return marks.of(record);
    };
    CHECK(at(monday, monday + 5) == sighting::expired);
    CHECK(at(monday + week - 1, monday + 10 * week) == sighting::expired);
    CHECK(at(monday + week, monday + week) == 0);
    CHECK(at(monday - 1, monday) == 0);
    CHECK(at(monday, monday + 10 * week + 1) == 0);
}

TEST_CASE("only what arrived before its person or its tenant was erased is erased") {
    audit_marks marks;
    schema::user_hasher hasher("a pepper of the tests, 32 bytes and more");
    schema::tenant_id one;
    schema::tenant_id other;
    other.value.bytes[0] = 1;
    const auto hash = hasher(one, "anna");
    marks.use_hasher(schema::user_hasher("a pepper of the tests, 32 bytes and more"));
    marks.person_erased(one, std::string(hash.begin(), hash.end()), 100);
    const auto at = [&](const schema::tenant_id& tenant, std::optional<std::string_view> user,
                        std::int64_t received) {
        schema::record_view record;
        record.tenant = tenant;
        record.event.user_id = user;
        record.received_at.us = received;
        return marks.of(record);
    };
    CHECK(at(one, "anna", 100) == sighting::erased);
    CHECK(at(one, "anna", 101) == 0);
    CHECK(at(one, "ben", 50) == 0);
    CHECK(at(one, std::nullopt, 50) == 0);
    CHECK(at(other, "anna", 50) == 0);
    audit_marks later;
    later.person_erased(one, std::string(hash.begin(), hash.end()), 100);
    CHECK(marks.same_as(later));
    later.person_erased(one, std::string(hash.begin(), hash.end()), 101);
    CHECK_FALSE(marks.same_as(later));
    marks.tenant_erased(other, 200);
    CHECK(at(other, "anna", 200) == sighting::erased);
    CHECK(at(other, std::nullopt, 201) == 0);
}
