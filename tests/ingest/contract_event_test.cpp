// What an event may be: each mistake gets an answer that names it, through a socket against the
// real nd-ingest.
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <string>

using namespace nd::tests;

namespace {

http_answer send_body(const std::string& body,
                      const std::string& line = "POST /v1/events HTTP/1.1") {
    static auto client = shared_edge().connect();
    request what;
    what.line = line;
    what.key = shared_key().key;
    what.body = body;
    REQUIRE(client.send(
        what.text()));  // one connection for all: every one of these errors must leave it usable
    return client.read_answer();
}

std::string with(const std::string& members) {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}",{}}})", fresh_id(),
                       time_text(), members);
}

std::string at_time(const std::string& time) {
    return fmt::format(R"({{"event_id":"{}","name":"clicked","occurred_at":"{}"}})", fresh_id(),
                       time);
}

// So many objects in each other inside the event, which is a level itself.
std::string nested(int levels) {
    return with("\"properties\":" + [&] {
        std::string text;
        for (int i = 0; i < levels; ++i)
            text += "{\"a\":";
        text += "1";
        for (int i = 0; i < levels; ++i)
            text += "}";
        return text;
    }());
}

}  // namespace

TEST_CASE("what is wrong with the whole request refuses all of it") {
    const auto good = event();
    const struct {
        std::string body;
        int status;
        std::string code;
    } table[] = {
        {"", 400, "not_json"},
        {"hello", 400, "not_json"},
        {"{\"events\":[" + good, 400, "not_json"},
        {batch(good).substr(0, batch(good).size() - 1), 400, "not_json"},
        {batch(good) + "x", 400, "not_json"},
        {batch(good) + batch(good), 400, "not_json"},
        {"{\"events\":[" + good + ",]}", 400, "not_json"},
        {"[" + good + "]", 422, "wrong_shape"},
        {"{}", 422, "wrong_shape"},
        {"{\"events\":{}}", 422, "wrong_shape"},
        {"{\"events\":null}", 422, "wrong_shape"},
        {"{\"events\":[" + good + "],\"more\":1}", 422, "wrong_shape"},
        {"{\"events\":[]}", 422, "empty_batch"},
        {batch_of(1001), 413, "too_many_events"},
        {batch("1"), 422, "no_event_accepted"},
    };
    for (const auto& row : table) {
        CAPTURE(row.body.substr(0, 100));
        const auto got = send_body(row.body);
        CHECK(got.status == row.status);
        CHECK(member(got, "code") == row.code);
    }
    CHECK(send_body(batch_of(1000)).status == 202);
}

TEST_CASE("each event has a verdict of its own, and the good ones beside a bad one are kept") {
    const std::string id = "11111111-1111-4111-8111-111111111111";
    const auto time = time_text();
    const struct {
        std::string event;
        std::string code;
    } table[] = {
        {"7", "not_an_object"},
        {R"({"name":"a","occurred_at":")" + time + "\"}", "missing_member"},
        {with(R"("colour":"red")"), "unknown_member"},
        {with(R"("page":"/","page":"/")"), "repeated_member"},
        {with(R"("page":7)"), "wrong_type"},
        {with(R"("properties":[])"), "wrong_type"},
        {R"({"event_id":"nope","name":"a","occurred_at":")" + time + "\"}", "invalid_uuid"},
        {R"({"event_id":"{11111111-1111-4111-8111-111111111111}","name":"a","occurred_at":")" +
             time + "\"}",
         "invalid_uuid"},
        {R"({"event_id":")" + fresh_id() + R"(","name":"","occurred_at":")" + time + "\"}",
         "empty_text"},
        {R"({"event_id":")" + fresh_id() + R"(","name":")" + std::string(201, 'n') +
             R"(","occurred_at":")" + time + "\"}",
         "too_long"},
        {with("\"session_id\":\"" + std::string(257, 's') + "\""), "too_long"},
        {with("\"user_id\":\"" + std::string(257, 'u') + "\""), "too_long"},
        {with("\"page\":\"" + std::string(2049, 'p') + "\""), "too_long"},
        {at_time("2026-01-01T00:00:00"), "invalid_time"},
        {at_time("2026-01-01T24:00:00Z"), "invalid_time"},
        {at_time("2026-01-01T23:59:60Z"), "invalid_time"},
        {at_time("2026-01-01T00:00:00+16:00"), "invalid_time"},
        {at_time("2026-01-01T00:00:00.0123456789Z"), "invalid_time"},
        {at_time("2026-01-01t00:00:00z"), "invalid_time"},
        {at_time("1999-12-31T23:59:59Z"), "time_out_of_range"},
        {at_time("2101-01-01T00:00:00Z"), "time_out_of_range"},
        {at_time(time_text(2 * 24 * 3600)), "time_in_future"},
        {with(R"("page":"a\u0000b")"), "nul_character"},
        {with(R"("properties":{"a":"\u0000"})"), "nul_character"},
        {with(R"("page":"\ud800")"), "lone_surrogate"},
        {with("\"page\":\"\xff\""), "invalid_utf8"},
        {with("\"properties\":{\"a\":\"\xc3\x28\"}"), "invalid_utf8"},
        {with(R"("properties":{"a":1e400})"), "number_out_of_range"},
        {with("\"properties\":{\"a\":" + std::string(65, '1') + "}"), "number_too_long"},
        {nested(32), "too_deep"},
        {with("\"properties\":{\"a\":\"" + std::string(33 * 1024, 'x') + "\"}"), "event_too_large"},
    };
    for (const auto& row : table) {
        CAPTURE(row.event.substr(0, 160));
        const auto got = send_body(batch(event() + "," + row.event + "," + event()));
        CHECK(got.status == 202);
        CHECK(member(got, "accepted") == "2");
        const auto body = json_of(got);
        REQUIRE(body.contains("rejected"));
        REQUIRE(body.at("rejected").as_array().size() == 1);
        const auto& refused = body.at("rejected").as_array().at(0).as_object();
        CHECK(refused.at("index").as_int64() == 1);
        CHECK(std::string(refused.at("code").as_string()) == row.code);
        CHECK_FALSE(refused.at("detail").as_string().empty());

        const auto alone = send_body(batch(row.event));
        CHECK(alone.status == 422);
        CHECK(member(alone, "code") == "no_event_accepted");
        CHECK(member(alone, "accepted") == "0");
    }
}

TEST_CASE("what a parser could skip is read: broken tokens refuse the request") {
    for (const std::string broken :
         {R"("properties":{"a":tru})", R"("properties":{"a":01})", R"("properties":{"a" 1})",
          "\"properties\":{\"a\":\x1e 1}", "\"properties\":{\x1e}", R"("properties":{"a":+1})",
          R"("properties":{"a":.5})", R"("properties":{"a":NaN})", R"("properties":{a:1})",
          "\"page\":\"a\nb\"", R"("properties":{"a":"\x"})", R"("properties":{"a":1,})"}) {
        CAPTURE(broken);
        const auto got = send_body(batch(event() + "," + with(broken)));
        CHECK(got.status == 400);
        CHECK(member(got, "code") == "not_json");
    }
}

TEST_CASE("the same identity twice in one request: the second is refused") {
    const auto twice = event();
    const auto got = send_body(batch(twice + "," + event() + "," + twice));
    CHECK(got.status == 202);
    CHECK(member(got, "accepted") == "2");
    const auto refused = json_of(got).at("rejected").as_array().at(0).as_object();
    CHECK(refused.at("index").as_int64() == 2);
    CHECK(refused.at("code").as_string() == "duplicate_in_batch");
}

TEST_CASE("what is at the edge of a rule is let in") {
    for (const auto& good :
         {nested(31), with("\"session_id\":\"" + std::string(256, 's') + "\""),
          with(R"("properties":null)"), with(R"("properties":{"a":1,"a":2})"),
          at_time("2026-01-01T00:00:00.123456789+15:59"), at_time("2000-01-01T00:00:00Z"),
          at_time(time_text(23 * 3600)), with(R"("page":"\ud83d\ude00")"),
          with("\"properties\":{\"a\":" + std::string(64, '1') + "}"), " " + event() + "\n"}) {
        CAPTURE(good.substr(0, 160));
        CHECK(send_body(batch(good)).status == 202);
    }
}

TEST_CASE("?validate=1 gives the same verdicts and a typing error in it stores nothing") {
    const auto line = "POST /v1/events?validate=1 HTTP/1.1";
    auto got = send_body(batch(event() + "," + with(R"("colour":"red")")), line);
    CHECK(got.status == 200);
    CHECK(member(got, "accepted") == "1");
    CHECK(json_of(got).at("rejected").as_array().size() == 1);
    CHECK(send_body(batch("1"), line).status == 422);
    got = send_body(batch(event()), "POST /v1/events?valdate=1 HTTP/1.1");
    CHECK(got.status == 400);
    CHECK(member(got, "detail").find("valdate") != std::string::npos);
}
