#include "bench/event_template.hpp"

#include "schema/uuid.hpp"
#include "tests/bench/samples.hpp"

#include <doctest/doctest.h>

#include <array>
#include <random>
#include <set>
#include <string>

using namespace nd::tests;
using nd::bench::event_template;
using nd::bench::fresh_ids;
using nd::bench::id_length;

namespace {

constexpr std::string_view an_id = "11111111-2222-4333-8444-555555555555";
constexpr std::string_view a_time = "2026-11-25T09:30:19.123456Z";

std::string written(const fresh_ids& ids, std::uint64_t n) {
    std::array<char, id_length> out{};
    ids.write(n, out);
    return {out.data(), out.size()};
}

}  // namespace

TEST_CASE("a template is the line with another identity and time, whatever their order") {
    for (const char* line : {R"({"event_id":"00000000-0000-4000-8000-000000000000","n":1,)"
                             R"("occurred_at":"2026-11-23T23:45:21.975Z"})",
                             R"({"occurred_at":"2026-11-23T23:45:21Z","n":1,)"
                             R"("event_id":"00000000-0000-4000-8000-000000000000"})"}) {
        const auto made = event_template::from(line);
        REQUIRE(made);
        std::string text = "before ";
        made->append(text, an_id, a_time);
        CHECK(text.starts_with("before {"));
        CHECK(text.size() == 7 + made->size());
        CHECK(text.find(std::string("\"event_id\":\"").append(an_id) + '"') != std::string::npos);
        CHECK(text.find(std::string("\"occurred_at\":\"").append(a_time) + '"') !=
              std::string::npos);
        CHECK(text.find("\"n\":1") != std::string::npos);
    }
}

TEST_CASE("what lacks an identity or a time as a plain string is no template") {
    const std::string id = R"("event_id":"00000000-0000-4000-8000-000000000000")";
    const std::string time = R"("occurred_at":"2026-11-23T23:45:21.975Z")";
    CHECK(event_template::from("{" + id + "," + time + "}"));
    CHECK_FALSE(event_template::from(""));
    CHECK_FALSE(event_template::from("{"));
    CHECK_FALSE(event_template::from("[" + id + "," + time + "]"));
    CHECK_FALSE(event_template::from("{" + id + "," + time));
    CHECK_FALSE(event_template::from("{" + id + "}"));
    CHECK_FALSE(event_template::from("{" + time + "}"));
    CHECK_FALSE(event_template::from("{" + time + R"(,"event_id":"short"})"));
    CHECK_FALSE(event_template::from("{" + time + R"(,"event_id":7})"));
    CHECK_FALSE(event_template::from("{" + id + R"(,"occurred_at":"2026)"));
    CHECK_FALSE(event_template::from("{" + id + R"(,"occurred_at":"a\"b"})"));
}

TEST_CASE("the number of an event comes back from its identity") {
    std::mt19937_64 random(8);
    for (int i = 0; i < 2000; ++i) {
        const fresh_ids ids(random());
        const auto n = random() >> (2 + random() % 60);
        CAPTURE(n);
        CHECK(ids.number_of(written(ids, n)) == n);
    }
}

TEST_CASE("identities are version 4 UUIDs as the contract reads them") {
    std::mt19937_64 random(9);
    for (int i = 0; i < 2000; ++i) {
        const fresh_ids ids(random());
        const auto text = written(ids, i < 1000 ? static_cast<std::uint64_t>(i) : random() >> 2);
        const auto id = nd::schema::parse_uuid(text);
        CAPTURE(text);
        REQUIRE(id);
        CHECK(nd::schema::to_string(*id) == text);
        CHECK((id->bytes[6] & 0xf0) == 0x40);
        CHECK((id->bytes[8] & 0xc0) == 0x80);
    }
}

TEST_CASE("identities are spread like random ones over the edge's table of a batch") {
    const fresh_ids ids(0x1234'5678'9abc'def0);
    constexpr std::size_t places = 2048;
    std::set<std::size_t> used;
    for (std::uint64_t n = 0; n < 1000; ++n) {
        const auto id = nd::schema::parse_uuid(written(ids, n)).value();
        used.insert(std::hash<nd::schema::uuid>{}(id) % places);
    }
    CHECK(used.size() > 700);  // 791 are to be expected of 1,000 random ones
}

TEST_CASE("numbers count up from nothing, each once") {
    fresh_ids ids(1);
    for (std::uint64_t n = 0; n < 100; ++n)
        CHECK(ids.next() == n);
}

TEST_CASE("an identity of somebody else has no number") {
    const fresh_ids ids(0x1234'5678'9abc'def0);
    const auto own = written(ids, 77);
    REQUIRE(ids.number_of(own) == 77);
    CHECK_FALSE(ids.number_of(written(fresh_ids(0x1234'5678'9abc'def1), 77)));
    CHECK_FALSE(ids.number_of(""));
    CHECK_FALSE(ids.number_of(own.substr(1)));
    CHECK_FALSE(ids.number_of(own + "0"));
    CHECK_FALSE(ids.number_of("not a uuid but as long as one, 36.."));
    for (std::size_t at = 0; at < own.size(); ++at) {
        auto changed = own;
        changed[at] = 'x';
        CHECK_FALSE(ids.number_of(changed));
    }
    for (const std::size_t version_or_variant : {14U, 19U}) {
        auto changed = own;
        changed[version_or_variant] = '1';
        CHECK_FALSE(ids.number_of(changed));
    }
}

TEST_CASE("every recorded event is a template") {
    CHECK(recorded_events().size() > 5000);
}
