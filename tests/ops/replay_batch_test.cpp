#include "ops/replay_batch.hpp"

#include "ops/identity_digest.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>

using namespace nd;
using ops::replay_batch;

namespace {

std::string tenant(int n) {
    return fmt::format("00000000-0000-4000-8000-{:012x}", n);
}
std::string event(int n, const std::string& more = "") {
    return fmt::format(R"({{"event_id":"10000000-0000-4000-8000-{:012x}","name":"clicked",)"
                       R"("occurred_at":"2026-11-02T10:00:{:02}Z"{}}})",
                       n, n % 60, more);
}

constexpr std::int64_t arrived_ms = 1'793'000'000'123;

// A batch of records, each with its own key and value.
struct filled {
    std::deque<std::string> texts;  // what the views point to
    replay_batch batch;
    ops::replay_filter filter;
    schema::event_scanner scanner;
    std::int64_t offset = 0;

    void add(std::optional<std::string> key, std::optional<std::string> value,
             std::int64_t ms = arrived_ms) {
        schema::raw_record raw;
        raw.offset = offset++;
        raw.timestamp_ms = ms;
        raw.environment = "live";
        if (key) raw.key = texts.emplace_back(*key);
        if (value) raw.value = texts.emplace_back(*value);
        batch.take(raw, filter, scanner);
    }
};

std::vector<std::int64_t> places(std::initializer_list<std::int64_t> of) {
    return of;
}

}  // namespace

TEST_CASE("a batch holds each identity once, in primary key order, whatever the log's order") {
    filled f;
    f.add(tenant(2), event(1));
    f.add(tenant(1), event(3));
    f.add(tenant(1), event(2));
    f.add(tenant(1), event(3, R"(,"page":"/other")"));  // again: the first one counts
    f.batch.seal();
    CHECK(f.batch.counts().read == 4);
    CHECK(f.batch.keys() == 3);
    CHECK(f.batch.all_keys().tenants.size() == 2);
    std::uint64_t sum = 0;
    for (const auto& [t, e] : {std::pair{2, 1}, std::pair{1, 3}, std::pair{1, 2}}) {
        const auto read = f.scanner.scan(event(e)).value();
        sum += ops::identity_hash(*schema::parse_tenant_id(tenant(t)), read.occurred_at, read.id);
    }
    CHECK(f.batch.digest() == sum);
    CHECK(f.batch.digest_of(places({1, 2, 3})) == sum);
    CHECK(f.batch.digest_of(places({1})) != f.batch.digest_of(places({2})));
    CHECK(f.batch.dead_at(1, "x").offset == 2);
    CHECK(f.batch.dead_at(2, "x").offset == 1);
    CHECK(f.batch.dead_at(3, "x").offset == 0);
}

TEST_CASE("a place stands for each of its records, wherever they were in the log") {
    filled f;
    for (const int e : {3, 1, 3, 2, 3, 1})
        f.add(tenant(1), event(e));
    f.batch.seal();
    CHECK(f.batch.keys() == 3);
    CHECK(f.batch.records_at(places({1})) == 2);
    CHECK(f.batch.records_at(places({2, 3})) == 4);
    CHECK(f.batch.records_at(places({})) == 0);
    ops::hour_table hours;
    f.batch.count_hours(places({2}), places({1, 3}), hours);
    REQUIRE(hours.size() == 1);
    CHECK(hours.begin()->second.read == 6);
    CHECK(hours.begin()->second.missing == 1);
    CHECK(hours.begin()->second.erased == 5);
}

TEST_CASE("only what is asked for is taken: a tenant, a name") {
    filled f;
    f.filter.tenant = schema::parse_tenant_id(tenant(1));
    f.add(tenant(1), event(1));
    f.add(tenant(2), event(2));
    f.add(std::nullopt, event(3));
    f.add(tenant(1), "junk");
    CHECK(f.batch.counts().read == 2);
    CHECK(f.batch.counts().dead == 1);
    filled g;
    g.filter.name = "scrolled";
    g.add(tenant(1), event(1));
    g.add(tenant(1), "junk");  // nobody knows its name
    CHECK(g.batch.counts().read == 0);
    CHECK(g.batch.empty());
}

TEST_CASE("what cannot be read is dead, and says where and why") {
    filled f;
    f.add(std::nullopt, event(1));
    f.add(tenant(1), event(2));
    f.add(tenant(1), R"({"event_id":1})");
    REQUIRE(f.batch.dead().size() == 2);
    CHECK(f.batch.dead()[0].offset == 0);
    CHECK(f.batch.dead()[0].reason.starts_with("no_key: "));
    CHECK(f.batch.dead()[1].offset == 2);
}

TEST_CASE("what was dropped with its week stays away, unless it is forced or came later") {
    ops::dropped_weeks week;
    week.add(1'793'577'600'000'000, arrived_ms * 1000);  // 2026-11-02
    filled f;
    f.filter.dropped = week;
    f.add(tenant(1), event(1));                  // arrived before the drop
    f.add(tenant(1), event(2), arrived_ms + 1);  // a late one: it is a row of its own
    f.batch.seal();
    CHECK(f.batch.counts().read == 2);
    CHECK(f.batch.counts().expired == 1);
    CHECK(f.batch.keys() == 1);
    filled g;
    g.filter.dropped = week;
    g.filter.force = true;
    g.add(tenant(1), event(1));
    g.batch.seal();
    CHECK(g.batch.counts().expired == 0);
    CHECK(g.batch.keys() == 1);
}

TEST_CASE("the rows of some places are groups of their own, and persons are hashed where named") {
    filled f;
    f.add(tenant(1), event(1));
    f.add(tenant(1), event(2, R"(,"user_id":"u")"));
    f.add(tenant(2), event(3));
    f.batch.seal();
    ops::key_columns keys;
    ops::value_columns values;
    f.batch.fill(places({2, 3}), f.scanner, keys, values);
    CHECK(keys.tenants.size() == 2);
    CHECK(keys.lo.size() == 2);
    CHECK(keys.hi.size() == 2);
    CHECK(keys.event_ids.size() == 2);
    CHECK(values.properties.size() == 2);
    f.batch.fill(places({}), f.scanner, keys, values);
    CHECK(keys.tenants.empty());
    CHECK(keys.hi.empty());
    schema::user_hasher hasher("a pepper of the tests, 32 bytes and more");
    base::pg::bytea_array users;
    f.batch.fill_users(places({1, 2}), f.scanner, hasher, users);
    CHECK(users.size() == 2);
}

TEST_CASE("a dry run counts by tenant and hour of arrival") {
    filled f;
    f.add(tenant(1), event(1));
    f.add(tenant(1), event(2));
    f.add(tenant(1), event(3), arrived_ms + 3'600'000);
    f.add(tenant(2), "junk");
    f.add(std::nullopt, "junk");
    f.add("\x1b[2J\xff", "junk");
    f.batch.seal();
    ops::hour_table hours;
    f.batch.count_hours(places({1, 3}), places({2}), hours);
    REQUIRE(hours.size() == 4);
    const auto hour = arrived_ms / 3'600'000 * 3600;
    const auto& first = hours.at({tenant(1), hour});
    CHECK(first.read == 2);
    CHECK(first.missing == 1);
    CHECK(first.erased == 1);
    CHECK(hours.at({tenant(1), hour + 3600}).missing == 1);
    CHECK(hours.at({tenant(2), hour}).dead == 1);
    CHECK(hours.at({tenant(2), hour}).read == 1);
    CHECK(hours.at({"none", hour}).dead == 2);
}
