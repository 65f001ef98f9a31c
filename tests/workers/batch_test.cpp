#include "workers/batch.hpp"

#include "tests/workers/records.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;
using workers::batch;
using workers::covered;

namespace {

workers::positions reading(std::int64_t from) {
    workers::positions at;
    at.start(0, {from, from, {}}, from + 100);
    return at;
}

}  // namespace

TEST_CASE("a batch owns its texts: the message and the scanner may go") {
    batch b;
    auto at = reading(0);
    for (int i = 0; i < 300; ++i) {
        schema::event_scanner scanner;
        auto record = good_record(i % 3, i, i);
        record.value = event_json(i, "2026-11-02T10:00:00Z",
                                  fmt::format(R"(,"page":"/\u0061{}","user_id":"u{}")", i, i));
        REQUIRE(b.take(record.raw(), at, scanner));
    }
    REQUIRE(b.rows().size() == 300);
    for (std::size_t i = 0; i < 300; ++i) {
        const auto& row = b.rows()[i];
        CHECK(row.page == fmt::format("/a{}", i));
        CHECK(row.user_id == fmt::format("u{}", i));
        CHECK(row.name == "clicked");
        CHECK(row.properties == "{}");
        CHECK_FALSE(row.session_id.has_value());
        CHECK(row.request == "req-1");
        CHECK(row.raw.starts_with("{\"event_id\""));
    }
    b.clear();
    CHECK(b.empty());
    CHECK(b.bytes() == 0);
    CHECK(b.covers().empty());
}

TEST_CASE("a batch covers what it took, unreadable records too") {
    batch b;
    schema::event_scanner scanner;
    workers::positions at;
    at.start(3, {40, 40, {}}, 100);
    at.start(5, {7, 0, {}}, 100);
    auto record = good_record(1, 1, 40);
    record.partition = 3;
    CHECK(b.take(record.raw(), at, scanner));
    record.offset = 41;
    record.value = "junk";
    CHECK(b.take(record.raw(), at, scanner));
    record = good_record(1, 2, 9);
    record.partition = 5;
    CHECK(b.take(record.raw(), at, scanner));
    CHECK(b.records() == 3);
    REQUIRE(b.unreadable().size() == 1);
    CHECK(b.unreadable()[0].value == "junk");
    CHECK(b.unreadable()[0].offset == 41);
    CHECK(std::vector<covered>(b.covers().begin(), b.covers().end()) ==
          std::vector<covered>{{3, 40, 40, 42}, {5, 0, 7, 10}});
}

TEST_CASE("a record that is not wanted changes nothing") {
    batch b;
    schema::event_scanner scanner;
    auto at = reading(10);
    CHECK_FALSE(b.take(good_record(1, 1, 9).raw(), at, scanner));  // before our position
    auto foreign = good_record(1, 1, 50);
    foreign.partition = 9;
    CHECK_FALSE(b.take(foreign.raw(), at, scanner));
    at.stop(0, "gone");
    CHECK_FALSE(b.take(good_record(1, 1, 10).raw(), at, scanner));
    CHECK(b.empty());
    CHECK(b.covers().empty());
}

TEST_CASE("a batch is full by records or by bytes, and grows four times in a backlog") {
    using workers::batch_limits;
    const batch_limits calm{5000, 1000};
    CHECK(workers::limits_for(calm, 0).records == 5000);
    CHECK(workers::limits_for(calm, -5).records == 5000);
    CHECK(workers::limits_for(calm, 10'000).records == 5000);
    CHECK(workers::limits_for(calm, 24'000).records == 12'000);
    CHECK(workers::limits_for(calm, 10'000'000).records == 20'000);
    CHECK(workers::limits_for(calm, 10'000'000).bytes == 1000);

    batch b;
    schema::event_scanner scanner;
    auto at = reading(0);
    for (int i = 0; i < 5; ++i)
        REQUIRE(b.take(good_record(1, i, i).raw(), at, scanner));
    CHECK(workers::is_full(b, {5, 1'000'000}));
    CHECK_FALSE(workers::is_full(b, {6, 1'000'000}));
    CHECK(workers::is_full(b, {6, b.bytes()}));
    CHECK_FALSE(workers::is_full(b, {6, b.bytes() + 1}));
}
