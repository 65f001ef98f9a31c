#include "schema/read_record.hpp"

#include "tests/workers/records.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

TEST_CASE("a record becomes an event of the tenant in its own key") {
    schema::event_scanner scanner;
    auto record = good_record(7, 1);
    record.environment = "test";
    record.value =
        event_json(1, "2026-11-02T10:00:00.5+02:00",
                   R"(,"session_id":"s","user_id":null,"page":"/a\u0062","properties":{"n":1})");
    const auto read = workers::read_record(record.raw(), scanner);
    REQUIRE(read.has_value());
    CHECK(schema::to_string(read->tenant) == tenant_text(7));
    CHECK(read->environment == schema::environment::test);
    CHECK(read->received_at.us == 1'793'000'000'123'000);
    CHECK(schema::to_string(read->event.id) == event_text(1));
    CHECK(schema::to_string(read->event.occurred_at) == "2026-11-02T08:00:00.500000Z");
    CHECK(read->event.session_id == "s");
    CHECK_FALSE(read->event.user_id.has_value());
    CHECK(read->event.page == "/ab");
    CHECK(read->event.properties == R"({"n":1})");
}

TEST_CASE("what the writer cannot read is dead, with a reason that names it") {
    struct example {
        const char* reason;
        test_record record;
    };
    const auto with = [](auto change) {
        auto record = good_record(1, 1);
        change(record);
        return record;
    };
    const std::vector<example> examples{
        {"no_key: ", with([](auto& r) { r.key.reset(); })},
        {"bad_key: ", with([](auto& r) { r.key = ""; })},
        {"bad_key: ", with([](auto& r) { r.key = "{" + tenant_text(1) + "}"; })},
        {"bad_key: ", with([](auto& r) { r.key = std::string(36, 'g'); })},
        {"no_value: ", with([](auto& r) { r.value.reset(); })},
        {"no_environment: ", with([](auto& r) { r.environment.reset(); })},
        {"bad_environment: ", with([](auto& r) { r.environment = "LIVE"; })},
        {"no_time: ", with([](auto& r) { r.timestamp_ms = -1; })},
        {"no_time: ", with([](auto& r) { r.timestamp_ms = 9'223'372'036'854'775; })},
        {"bad_received_at: ", with([](auto& r) {
             r.attempt = "1";
             r.received_at = "-1";
         })},
        {"bad_received_at: ", with([](auto& r) {
             r.attempt = "1";
             r.received_at = "2026-11-02T10:00:00Z";
         })},
        {"not_json: ", with([](auto& r) { r.value = ""; })},
        {"not_json: ", with([](auto& r) { r.value = "{"; })},
        {"not_an_object: ", with([](auto& r) { r.value = "[]"; })},
        {"invalid_utf8: ", with([](auto& r) { r.value = "{\"event_id\":\"\xff\"}"; })},
        {"nul_character: ", with([](auto& r) {
             r.value = event_json(1, "2026-11-02T10:00:00Z", R"(,"page":"\u0000")");
         })},
        {"time_out_of_range: ",
         with([](auto& r) { r.value = event_json(1, "2101-01-01T00:00:00Z"); })},
    };
    schema::event_scanner scanner;
    for (const auto& [reason, record] : examples) {
        CAPTURE(reason);
        const auto read = workers::read_record(record.raw(), scanner);
        REQUIRE(read.has_error());
        CHECK(read.error().code == base::errc::data);
        CAPTURE(read.error().detail);
        CHECK(read.error().detail.starts_with(reason));
    }
}

TEST_CASE("a record that was published again keeps the time at which it first arrived") {
    schema::event_scanner scanner;
    auto record = good_record(1, 1);
    record.attempt = "2";
    record.received_at = "1792000000456";
    CHECK(workers::read_record(record.raw(), scanner)->received_at.us == 1'792'000'000'456'000);
    record.received_at = "1793000000124";  // later than it was published again: it never is
    CHECK(workers::read_record(record.raw(), scanner)->received_at.us == 1'793'000'000'123'000);
    record.received_at.reset();
    CHECK(workers::read_record(record.raw(), scanner)->received_at.us == 1'793'000'000'123'000);
}

TEST_CASE("a time of arrival is believed only of a record that says how often it has died") {
    schema::event_scanner scanner;
    auto record = good_record(1, 1);
    record.received_at = "1792000000456";
    for (const std::optional<std::string>& attempt :
         {std::optional<std::string>(), std::optional<std::string>("0"),
          std::optional<std::string>("x"), std::optional<std::string>("-1")}) {
        record.attempt = attempt;
        CHECK(workers::read_record(record.raw(), scanner)->received_at.us == 1'793'000'000'123'000);
    }
}

TEST_CASE("an event from the edge's future is stored: the writer does not trust its own clock") {
    schema::event_scanner scanner;
    auto record = good_record(1, 1);
    record.value = event_json(1, "2099-01-01T00:00:00Z");
    CHECK(workers::read_record(record.raw(), scanner).has_value());
}
