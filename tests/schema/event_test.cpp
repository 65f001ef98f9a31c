#include "schema/event_scan.hpp"

#include "tests/schema/scan_support.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::test;

namespace {

struct judged {
    std::string event;
    std::string_view code;
    std::string_view named;  // what the detail names
};

void check_all(const std::vector<judged>& events) {
    for (const auto& [event, code, named] : events) {
        CAPTURE(event);
        std::string detail;
        CHECK(verdict_of_event(event, &detail) == code);
        CHECK_MESSAGE(detail.find(named) != std::string::npos, detail);
    }
}

std::string timed(std::string_view when) {
    return "{" + std::string(an_id) + "," + std::string(a_name) + ",\"occurred_at\":\"" +
           std::string(when) + "\"}";
}

std::string nested(unsigned levels) {  // levels of the whole event
    return event_with("\"properties\":{\"a\":" + std::string(levels - 2, '[') +
                      std::string(levels - 2, ']') + "}");
}

std::string sized(std::size_t bytes) {
    const std::string empty = event_with("\"properties\":{\"a\":\"\"}");
    return event_with("\"properties\":{\"a\":\"" + std::string(bytes - empty.size(), 'x') + "\"}");
}

}  // namespace

TEST_CASE("an event that is no object is refused") {
    for (const std::string_view event : {"null", "1", "\"a\"", "[]", "[{}]", "true", "1e999"}) {
        CAPTURE(event);
        CHECK(verdict_of_event(event) == "not_an_object");
    }
}

TEST_CASE("missing, unknown and repeated members are named") {
    const std::string i(an_id), t(a_time), n(a_name);
    check_all(
        {{"{}", "missing_member", R"("event_id", "name", "occurred_at")"},
         {"{" + i + "," + n + "}", "missing_member", R"("occurred_at")"},
         {"{" + i + "," + t + "}", "missing_member", R"("name")"},
         {"{" + n + "," + t + "}", "missing_member", R"("event_id")"},
         {event_with(R"("url":"/")"), "unknown_member", R"("url")"},
         {event_with(R"("Name":"a")"), "unknown_member", R"("Name")"},
         {event_with(R"("":1)"), "unknown_member", R"("")"},
         {event_with(n), "repeated_member", R"("name")"},
         {event_with(R"("\u006eame":"x")"), "repeated_member", R"("name")"},
         {event_with(R"("page":null,"page":"/")"), "repeated_member", R"("page")"},
         {event_with(R"("properties":{},"properties":null)"), "repeated_member", "properties"},
         {event_with("\"" + std::string(100, 'k') + "\":1"), "unknown_member", "kkk..."}});
}

TEST_CASE("a member of the wrong type is named") {
    const std::string i(an_id), t(a_time), n(a_name);
    check_all({{"{\"event_id\":1," + t + "," + n + "}", "wrong_type", "event_id"},
               {"{\"event_id\":null," + t + "," + n + "}", "wrong_type", "event_id"},
               {"{" + i + ",\"occurred_at\":1772366400," + n + "}", "wrong_type", "occurred_at"},
               {"{" + i + "," + t + ",\"name\":[\"a\"]}", "wrong_type", "name"},
               {event_with(R"("session_id":1)"), "wrong_type", "session_id"},
               {event_with(R"("user_id":{})"), "wrong_type", "user_id"},
               {event_with(R"("page":true)"), "wrong_type", "page"},
               {event_with(R"("properties":[])"), "wrong_type", "an object or null"},
               {event_with(R"("properties":"{}")"), "wrong_type", "properties"}});
}

TEST_CASE("null stands for absent in what is optional") {
    CHECK(verdict_with(R"("session_id":null,"user_id":null,"page":null,"properties":null)") ==
          "accepted");
    CHECK(verdict_of(batch_of(event_with("\"page\":nul"))) == "not_json");
}

TEST_CASE("an event_id must be a UUID") {
    const std::string rest = "," + std::string(a_time) + "," + std::string(a_name) + "}";
    for (const std::string_view text :
         {"", "1", "018f4e2a7c1b7d3e9f005a6b7c8d9e0f", "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0z"}) {
        CAPTURE(text);
        CHECK(verdict_of_event("{\"event_id\":\"" + std::string(text) + "\"" + rest) ==
              "invalid_uuid");
    }
}

TEST_CASE("a time that Postgres or the contract would not take is refused") {
    check_all({{timed("2026-03-01T12:00:00"), "invalid_time", "no zone"},
               {timed("2026-03-01T24:00:00Z"), "invalid_time", "hours 00-23"},
               {timed("2026-03-01T12:00:60Z"), "invalid_time", "seconds 00-59"},
               {timed("2026-03-01T12:00:00+16:00"), "invalid_time", "15:59"},
               {timed("2026-03-01T12:00:00.1234567890Z"), "invalid_time", "1 to 9 digits"},
               {timed("2026-02-30T12:00:00Z"), "invalid_time", "does not exist"},
               {timed("now"), "invalid_time", "must look like"},
               {timed("1999-12-31T23:59:59Z"), "time_out_of_range", "2000 to 2100"},
               {timed("2101-01-01T00:00:00Z"), "time_out_of_range", "2000 to 2100"},
               {timed("2026-03-02T12:00:00.000001Z"), "time_in_future", "24 hours"},
               {timed("2026-03-03T12:00:00Z"), "time_in_future", "24 hours"}});
    CHECK(verdict_of_event(timed("2026-03-02T12:00:00Z")) == "accepted");
    CHECK(verdict_of_event(timed("2026-03-02T12:00:00.0000004Z")) == "accepted");
}

TEST_CASE("texts have their lengths in bytes after unescaping") {
    const auto with_name = [](const std::string& text) {
        return "{" + std::string(an_id) + "," + std::string(a_time) + ",\"name\":\"" + text + "\"}";
    };
    const std::string e_acute = "\xc3\xa9";
    std::string hundred;
    for (int i = 0; i < 100; ++i)
        hundred += e_acute;
    std::string escaped;
    for (int i = 0; i < 200; ++i)
        escaped += "\\u0061";
    check_all({{with_name(""), "empty_text", "name"},
               {with_name(std::string(201, 'a')), "too_long", "\"name\" has 201 bytes; 200"},
               {with_name(hundred + "a"), "too_long", "name"},
               {event_with("\"session_id\":\"" + std::string(257, 'a') + "\""), "too_long", "256"},
               {event_with("\"user_id\":\"" + std::string(257, 'a') + "\""), "too_long", "user_id"},
               {event_with("\"page\":\"" + std::string(2049, 'a') + "\""), "too_long", "2048"}});
    CHECK(verdict_of_event(with_name(std::string(200, 'a'))) == "accepted");
    CHECK(verdict_of_event(with_name(hundred)) == "accepted");
    CHECK(verdict_of_event(with_name(escaped)) == "accepted");
    CHECK(verdict_with("\"page\":\"\",\"user_id\":\"" + std::string(256, 'a') + "\"") ==
          "accepted");
    CHECK(verdict_with("\"page\":\"" + std::string(2048, 'a') + "\"") == "accepted");
}

TEST_CASE("characters that Postgres cannot store are refused wherever they stand") {
    for (const std::string_view more :
         {R"("page":"a\u0000")", R"("properties":{"a":"\u0000"})", R"("properties":{"\u0000":1})",
          R"("properties":{"a":["x",{"b":"\u0000"}]})"}) {
        CAPTURE(more);
        CHECK(verdict_with(more) == "nul_character");
    }
    for (const std::string_view more :
         {R"("page":"\ud800")", R"("page":"\udc00")", R"("page":"\ud800\ud800")",
          R"("page":"\udc00\ud800")", R"("page":"\ud800a")", R"("page":"\ud800\n")",
          R"("properties":{"a":"\uDBFF"})", R"("properties":{"\ud800":1})",
          R"("properties":{"a":"\ud800\udc00\ud800"})"}) {
        CAPTURE(more);
        CHECK(verdict_with(more) == "lone_surrogate");
    }
    std::string detail;
    CHECK(verdict_with(R"("properties":{"a":"xy\u0000"})", &detail) == "nul_character");
    const std::string body = batch_of(event_with(R"("properties":{"a":"xy\u0000"})"));
    CHECK(detail.find("byte " + std::to_string(body.find("\\u0000"))) != std::string::npos);
    CHECK(detail.find("\"properties\"") != std::string::npos);
}

TEST_CASE("numbers that numeric would refuse or blow up are refused") {
    const auto with = [](std::string_view number) {
        return verdict_with("\"properties\":{\"a\":[" + std::string(number) + "]}");
    };
    for (const std::string_view number :
         {"1e400", "-1e400", "1e131071", "1e309", "1e-400", "0e-16383", "0e99999999999",
          "1e99999999999999999999", "1.8e308"}) {
        CAPTURE(number);
        CHECK(with(number) == "number_out_of_range");
    }
    CHECK(with(std::string(64, '1')) == "accepted");
    CHECK(with("-" + std::string(64, '1')) == "number_too_long");
    CHECK(with("0." + std::string(63, '0')) == "number_too_long");
}

TEST_CASE("an event has at most 32 levels and 32 KiB") {
    CHECK(verdict_of_event(nested(32)) == "accepted");
    CHECK(verdict_of_event(nested(33)) == "too_deep");
    CHECK(verdict_of_event(sized(32 << 10)) == "accepted");
    CHECK(verdict_of_event(sized((32 << 10) + 1)) == "event_too_large");
    CHECK(verdict_of_event(sized(33 << 10)) == "event_too_large");
}

TEST_CASE("the writer's scanner answers as the edge does, except for the future") {
    schema::event_scanner scanner;
    const auto event = scanner.scan(event_with(R"("page":"/\u00e9","properties":{"a":1})"));
    REQUIRE(event.has_value());
    CHECK(event->page == "/\xc3\xa9");
    CHECK(event->properties == R"({"a":1})");
    CHECK(scanner.scan(timed("2099-01-01T00:00:00Z")).has_value());
    const auto reason = [&scanner](std::string_view record) {
        const auto refused = scanner.scan(record);
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == base::errc::data);
        return refused.error().detail;
    };
    CHECK(reason("").starts_with("not_json: "));
    CHECK(reason("{\"a\" 1}").starts_with("not_json: byte 5"));
    CHECK(reason("\"open").starts_with("not_json: byte 0"));
    CHECK(reason(event_with("") + "x").starts_with("not_json: "));
    CHECK(reason("[]").starts_with("not_an_object: "));
    CHECK(reason(event_with("\"page\":\"\xff\"")).starts_with("invalid_utf8: "));
    CHECK(reason(timed("1999-01-01T00:00:00Z")).starts_with("time_out_of_range: "));
}
