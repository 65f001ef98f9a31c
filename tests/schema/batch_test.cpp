#include "schema/batch.hpp"

#include "tests/schema/scan_support.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace nd;
using namespace nd::test;

namespace {

struct refused {
    std::string body;
    std::string_view place;  // what the detail names
};

void check_all(std::string_view code, const std::vector<refused>& bodies) {
    for (const auto& [body, place] : bodies) {
        CAPTURE(body);
        std::string detail;
        CHECK(verdict_of(body, &detail) == code);
        CHECK_MESSAGE(detail.find(place) != std::string::npos, detail);
    }
}

std::string in_properties(std::string_view value) {
    return batch_of(event_with("\"properties\":{\"a\":" + std::string(value) + "}"));
}

std::string many_events(std::size_t count) {
    std::string events;
    for (std::size_t i = 0; i < count; ++i) {
        std::string event = event_with("");
        event.replace(45, 4, fmt::format("{:04x}", i));  // the last four digits of its id
        events += (i ? "," : "") + event;
    }
    return batch_of(events);
}

}  // namespace

TEST_CASE("a batch of the contract is accepted and its events are views of the body") {
    const std::string body =
        " {\n\t\"events\" : [ " +
        event_with(
            R"("session_id":"s-1","user_id":null,"page":"/a\/b","properties":{"x":[1,{}]})") +
        "\r , " +
        R"({"name":"\u00e9t\u00E9 \ud83d\ude00","occurred_at":"2026-03-01T12:00:00.5+01:00",)"
        R"("event_id":"00000000-0000-0000-0000-00000000000A"})" +
        " ] } ";
    std::string text = padded(body);
    schema::batch_scanner scanner;
    const auto verdict = scanner.scan(text.data(), body.size(), noon);
    REQUIRE(verdict.has_value());
    CHECK(verdict->rejected.empty());
    REQUIRE(verdict->accepted.size() == 2);
    const schema::event_view& first = verdict->accepted[0];
    CHECK(first.raw.data() == text.data() + body.find("{\"event_id"));
    CHECK(first.raw.ends_with("{}]}}"));
    CHECK(first.name == "element_clicked");
    CHECK(first.session_id == "s-1");
    CHECK_FALSE(first.user_id);
    CHECK(first.page == "/a/b");
    CHECK(first.properties == R"({"x":[1,{}]})");
    CHECK(first.occurred_at == noon);
    const schema::event_view& second = verdict->accepted[1];
    CHECK(second.name == "\xc3\xa9t\xc3\xa9 \xf0\x9f\x98\x80");
    CHECK(to_string(second.id) == "00000000-0000-0000-0000-00000000000a");
    CHECK(second.occurred_at.us == noon.us - 3'600'000'000 + 500'000);
    CHECK(second.properties == "{}");
}

TEST_CASE("a body that is not JSON is refused with the byte") {
    check_all("not_json", {{"", "empty"},
                           {"   ", "empty"},
                           {"{\"events\":[", "byte 11"},
                           {"{\"events\":[]", "byte 12"},
                           {"{\"events\":[]}x", "byte 13"},
                           {"{\"events\":[]} {}", "byte 14"},
                           {"{\"events\":[]}]", "byte 13"},
                           {"{\"events\":[],}", "byte 13"},
                           {"{\"events\" []}", "byte 10: a colon"},
                           {"{events:[]}", "byte 1: a member's name"},
                           {"{'events':[]}", "byte 1"},
                           {"{\"events\":[],\"a\":\"x", "byte 17: this string is not closed"},
                           {"{\"events\":[{},]}", "byte 14: a value"},
                           {"{\"events\":[{} {}]}", "byte 14"},
                           {"\xef\xbb\xbf{\"events\":[]}", "byte 0"},
                           {std::string("{\"events\":[]}\0", 14), "byte 13"},
                           {std::string("{\"events\0\":[]}", 14), "byte 8: a control character"},
                           {"{\"events\":[/**/]}", "byte 11"},
                           {"}", "byte 0"},
                           {"{\"a\":", "byte 5"}});
}

TEST_CASE("what a parser could skip inside properties is judged all the same") {
    for (const std::string_view value : {"tru",
                                         "true1",
                                         "truefalse",
                                         "nul",
                                         "nulll",
                                         "False",
                                         "01",
                                         "-",
                                         "-01",
                                         "+1",
                                         "1.",
                                         ".5",
                                         "1e",
                                         "1e+",
                                         "0x1",
                                         "NaN",
                                         "Infinity",
                                         "1 2",
                                         "{\"a\" 1}",
                                         "{\"a\":1 \"b\":2}",
                                         "{\"a\":1,}",
                                         "{1:2}",
                                         "{\"a\"}",
                                         "{,}",
                                         "[1,]",
                                         "[,1]",
                                         "[1 2]",
                                         "[1}",
                                         "{]",
                                         "\"a\"\"b\"",
                                         "\"a\"b",
                                         "a\"b\"",
                                         "\x1e",
                                         "1\x1e",
                                         "\"\x1e\"",
                                         "\x0c",
                                         "1\x0c",
                                         "\x1a",
                                         "[\x1a]",
                                         "1\v",
                                         "\"\\x\"",
                                         "\"\\u12g4\"",
                                         "\"\\u123\"",
                                         "\"\\",
                                         "\\\"",
                                         "\"\\ud800\\uzzzz\"",
                                         "\"\\ud800\\x\"",
                                         "\"\t\"",
                                         "\xff",
                                         "\xc3\xa9",
                                         "1\xc3\xa9",
                                         ""}) {
        CAPTURE(value);
        CHECK(verdict_of(in_properties(value)) == "not_json");
    }
}

TEST_CASE("what is legal JSON inside properties is accepted") {
    for (const std::string_view value : {"true",
                                         "false",
                                         "null",
                                         "0",
                                         "-0",
                                         "0.0",
                                         "-1.5e+10",
                                         "1E5",
                                         "123456789012345678901234567890",
                                         "1e308",
                                         "4.9e-324",
                                         "0e0",
                                         "0e-400",
                                         "\"\"",
                                         "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                                         "\"\\u0001\\uFFFF\\uD83D\\uDE00\"",
                                         "\"\x7f\"",
                                         "\"\xc3\xa9\xef\xbf\xbf\xf4\x8f\xbf\xbf\"",
                                         "[]",
                                         "{}",
                                         "[[],{},[{}]]",
                                         "{\"a\":1,\"a\":2}",
                                         "{\"\":{\"\\u0065vents\":[]}}",
                                         " [ 1 , 2 ] ",
                                         "\"{[,:]}\"",
                                         "\"\\\\\\\\\"",
                                         "\"\\\\\\\"\""}) {
        CAPTURE(value);
        CHECK(verdict_of(in_properties(value)) == "accepted");
    }
}

TEST_CASE("JSON of another shape than a batch is refused as such") {
    check_all(
        "wrong_shape",
        {{"[]", "no object"},
         {"null", "no object"},
         {"\"events\"", "no object"},
         {"12", "no object"},
         {"{}", "\"events\" is missing"},
         {"{\"event\":[]}", "\"event\" does not belong there"},
         {"{\"events\":{}}", "\"events\" is no array"},
         {"{\"events\":null}", "\"events\" is no array"},
         {"{\"events\":[],\"events\":[]}", "\"events\" stands there twice"},
         {"{\"events\":[],\"even\\u0074s\":[]}", "\"events\" stands there twice"},
         {"{\"sent_at\":1e999,\"events\":[]}", "\"sent_at\" does not belong there"},
         {batch_of(event_with("")).insert(1, "\"\\u0000\":\"\\u0000\","), "does not belong"}});
}

TEST_CASE("what is not JSON is said before the shape is judged") {
    CHECK(verdict_of("{\"a\":1,\"events\":[tru]}") == "not_json");
    CHECK(verdict_of("[1,2") == "not_json");
    CHECK(verdict_of(batch_of("{\"oops\":1},{\"a\" 1}")) == "not_json");
}

TEST_CASE("a batch holds 1 to 1,000 events") {
    check_all("empty_batch", {{"{\"events\":[]}", "an event"}});
    CHECK(verdict_of(many_events(1000)) == "accepted");
    check_all("too_many_events", {{many_events(1001), "1000"}});
}

TEST_CASE("the name of the only member may be written with escapes") {
    CHECK(verdict_of("{\"\\u0065vents\":[" + event_with("") + "]}") == "accepted");
    CHECK(verdict_of_event(R"({"event\u005fid":"018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f",)"
                           R"("\u006eame":"n","occurred\u005Fat":"2026-03-01\u005412:00:00Z"})") ==
          "accepted");
}

TEST_CASE("a text of any depth ends without a stack overflow") {
    CHECK(verdict_of(std::string(1'000'000, '[')) == "not_json");
    std::string deep(2'000'000, '[');
    deep.replace(1'000'000, 1'000'000, 1'000'000, ']');
    CHECK(verdict_of(deep) == "wrong_shape");
    CHECK(verdict_of(in_properties(deep)) == "too_deep");
    std::string thousand(2000, '[');
    thousand.replace(1000, 1000, 1000, ']');
    CHECK(verdict_of(thousand) == "wrong_shape");
    CHECK(verdict_of(in_properties(thousand)) == "too_deep");
}

TEST_CASE("each event has a verdict of its own, in the order of the request") {
    std::string text = padded(batch_of("1," + event_with("") + ",{\"event_id\":\"x\"}," +
                                       event_with("\"page\":1") + ",[]"));
    schema::batch_scanner scanner;
    const auto verdict = scanner.scan(text.data(), text.size() - schema::batch_padding, noon);
    REQUIRE(verdict.has_value());
    CHECK(verdict->accepted.size() == 1);
    REQUIRE(verdict->rejected.size() == 4);
    const std::vector<std::uint32_t> places = {0, 2, 3, 4};
    for (std::size_t i = 0; i < places.size(); ++i)
        CHECK(verdict->rejected[i].index == places[i]);
    CHECK(verdict->rejected[0].event_id.empty());
    CHECK(verdict->rejected[1].event_id == "x");
    CHECK(verdict->rejected[2].event_id == "018f4e2a-7c1b-7d3e-9f00-5a6b7c8d9e0f");
}

TEST_CASE("the same identity twice in one batch is accepted once") {
    const std::string event = event_with("");
    CHECK(verdict_of_event(event + "," + event) == "duplicate_in_batch");
    std::string same = event;
    same.replace(same.find("12:00:00Z"), 9, "13:00:00+01:00");
    same.replace(same.find("018f4e2a"), 8, "018F4E2A");
    CHECK(verdict_of_event(event + "," + same) == "duplicate_in_batch");
    std::string later = event;
    later.replace(later.find("12:00:00Z"), 9, "12:00:00.000001Z");
    CHECK(verdict_of_event(event + "," + later) == "accepted");
    // A rejected event takes no place, and the next batch starts anew.
    CHECK(verdict_of_event(event_with("\"page\":1") + "," + event) == "wrong_type");
    CHECK(verdict_of_event(event) == "accepted");
}

TEST_CASE("bytes that are not UTF-8 cost their event its place and no other") {
    const std::string bad = event_with("\"page\":\"/caf\xe9\"");
    std::string text = padded(batch_of(bad + "," + event_with("")));
    schema::batch_scanner scanner;
    const auto verdict = scanner.scan(text.data(), text.size() - schema::batch_padding, noon);
    REQUIRE(verdict.has_value());
    CHECK(verdict->accepted.size() == 1);
    REQUIRE(verdict->rejected.size() == 1);
    CHECK(verdict->rejected[0].code == schema::event_code::invalid_utf8);
    CHECK(verdict->rejected[0].detail.find(std::to_string(text.find("/caf") + 4)) !=
          std::string::npos);
    CHECK(verdict_of_event("\"\xed\xa0\x80\"") == "invalid_utf8");
    CHECK(verdict_of("{\"ev\xffnts\":[],\"events\":[" + event_with("") + "]}") == "not_json");
    CHECK(verdict_of(batch_of(event_with("")) + "\xff") == "not_json");
    CHECK(verdict_of("{\"events\":[" + event_with("") + "\xff]}") == "not_json");
}

TEST_CASE("a scanner that had a large body answers the next small one the same") {
    schema::batch_scanner scanner;
    std::string large =
        padded(batch_of(event_with("\"page\":\"\\n" + std::string(8 << 20, 'a') + "\"")));
    std::string small = padded(batch_of(event_with("\"page\":\"\\n\"")));
    for (int i = 0; i < 3; ++i) {
        const auto first = scanner.scan(large.data(), large.size() - schema::batch_padding, noon);
        REQUIRE(first.has_value());
        CHECK(first->rejected.size() == 1);
        const auto second = scanner.scan(small.data(), small.size() - schema::batch_padding, noon);
        REQUIRE(second.has_value());
        CHECK(second->accepted.front().page == "\n");
    }
}
