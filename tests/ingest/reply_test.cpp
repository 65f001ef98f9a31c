#include "ingest/reply.hpp"

#include "ingest/http_date.hpp"
#include "ingest/verdict_reply.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <set>
#include <string>
#include <vector>

namespace {

using namespace nd::ingest;
using nd::schema::problem;
using nd::schema::problem_code;

request_id some_id() {
    request_ids ids;
    return ids.next();
}

std::string written(const answer& what, delivery how = {}) {
    if (how.date.empty()) how.date = "Thu, 01 Jan 2026 00:00:00 GMT";
    std::string out;
    write_answer(out, what, how);
    return out;
}

bool has_line(const std::string& text, const std::string& line) {
    return text.find("\r\n" + line + "\r\n") != std::string::npos;
}

}  // namespace

TEST_CASE("every problem is problem+json with its stable code, its status and the request id") {
    std::set<std::string> codes;
    for (std::uint8_t i = 0; i < nd::schema::problem_code_count; ++i) {
        const auto code = static_cast<problem_code>(i);
        const auto& kind = nd::schema::kind_of(code);
        const auto id = some_id();
        const auto made = refusal({code, "change \"this\"\n", 7}, id);
        CHECK(made.status == kind.status);
        CHECK(made.content_type == "application/problem+json");
        CHECK(made.retry_after == 7);
        const auto body = boost::json::parse(made.body).as_object();
        CHECK(body.at("code").as_string() == kind.code);
        CHECK(body.at("status").as_int64() == kind.status);
        CHECK(body.at("title").as_string() == kind.title);
        CHECK(body.at("detail").as_string() == "change \"this\"\n");
        CHECK(body.at("request_id").as_string() == id.view());
        CHECK_FALSE(body.at("type").as_string().empty());
        CHECK(codes.emplace(kind.code).second);
    }
}

TEST_CASE("an answer carries id, date, length and CORS, whatever it is") {
    delivery how;
    how.id = some_id();
    how.origin = "https://shop.example";
    const auto text = written(refusal({problem_code::unknown_key, "x"}, how.id), how);
    CHECK(text.starts_with("HTTP/1.1 401 Unauthorized\r\n"));
    CHECK(has_line(text, "X-Request-Id: " + std::string(how.id.view())));
    CHECK(has_line(text, "Access-Control-Allow-Origin: https://shop.example"));
    CHECK(has_line(text, "Vary: Origin"));
    CHECK(has_line(text,
                   "Access-Control-Expose-Headers: ETag, Retry-After, RateLimit, RateLimit-Policy, "
                   "X-Request-Id"));
    CHECK(text.find("Access-Control-Allow-Methods") == std::string::npos);
    CHECK(text.find("Connection:") == std::string::npos);
    const auto body = text.substr(text.find("\r\n\r\n") + 4);
    CHECK(has_line(text, "Content-Length: " + std::to_string(body.size())));
}

TEST_CASE("without an origin nothing is allowed, but caches are told") {
    const auto text = written(answer{});
    CHECK(has_line(text, "Vary: Origin"));
    CHECK(text.find("Access-Control") == std::string::npos);
}

TEST_CASE("a preflight is allowed for two hours, with the headers that the SDK sends") {
    answer made;
    made.status = 204;
    made.preflight = true;
    made.allow = "POST, OPTIONS";
    delivery how;
    how.origin = "null";
    const auto text = written(made, how);
    CHECK(text.starts_with("HTTP/1.1 204 No Content\r\n"));
    CHECK(has_line(text, "Access-Control-Allow-Origin: null"));
    CHECK(has_line(text, "Access-Control-Allow-Methods: POST, OPTIONS"));
    CHECK(has_line(
        text,
        "Access-Control-Allow-Headers: content-type, content-encoding, if-none-match, x-nd-key"));
    CHECK(has_line(text, "Access-Control-Max-Age: 7200"));
    CHECK(text.find("Content-Length") == std::string::npos);
}

TEST_CASE("the limit is told on success and on refusal") {
    answer made;
    made.limit = admission{};
    made.limit->admitted = true;
    made.limit->limit = 60;
    made.limit->remaining = 59;
    made.limit->wait = std::chrono::milliseconds(1);
    made.limit->cls = nd::schema::limit_class::events;
    const auto text = written(made);
    CHECK(has_line(text, "RateLimit-Policy: \"events\";q=60;w=60"));
    CHECK(has_line(text, "RateLimit: \"events\";r=59;t=1"));
}

TEST_CASE("closing, HTTP/1.0 and HEAD change what they must") {
    delivery how;
    how.close = true;
    CHECK(has_line(written(answer{}, how), "Connection: close"));
    how = {};
    how.http_1_0 = true;
    CHECK(has_line(written(answer{}, how), "Connection: keep-alive"));
    how = {};
    how.head_only = true;
    answer made;
    made.body = "hello";
    const auto text = written(made, how);
    CHECK(has_line(text, "Content-Length: 5"));
    CHECK(text.ends_with("\r\n\r\n"));
}

TEST_CASE("an unknown coding is told which ones there are") {
    CHECK(has_line(written(refusal({problem_code::unsupported_encoding, "x"}, some_id())),
                   "Accept-Encoding: gzip, zstd, identity"));
}

TEST_CASE("verdicts become 202, 200 or 422") {
    using namespace nd::schema;
    const std::vector<event_view> two(2);
    const std::vector<rejection> one{
        {3, "abc", event_code::unknown_member, "the member \"x\" is not known"}};
    const auto id = some_id();

    auto made = verdict_reply({two, {}}, false, id);
    CHECK(made.status == 202);
    auto body = boost::json::parse(made.body).as_object();
    CHECK(body.at("accepted").as_int64() == 2);
    CHECK(body.at("rejected").as_array().empty());
    CHECK(body.at("request_id").as_string() == id.view());
    CHECK(verdict_reply({two, {}}, true, id).status == 200);

    made = verdict_reply({two, one}, false, id);
    CHECK(made.status == 202);
    body = boost::json::parse(made.body).as_object();
    const auto first = body.at("rejected").as_array().at(0).as_object();
    CHECK(first.at("index").as_int64() == 3);
    CHECK(first.at("event_id").as_string() == "abc");
    CHECK(first.at("code").as_string() == "unknown_member");
    CHECK(first.at("detail").as_string() == one[0].detail);

    made = verdict_reply({{}, one}, false, id);
    CHECK(made.status == 422);
    CHECK(made.content_type == "application/problem+json");
    body = boost::json::parse(made.body).as_object();
    CHECK(body.at("code").as_string() == "no_event_accepted");
    CHECK(body.at("accepted").as_int64() == 0);
    CHECK(body.at("rejected").as_array().size() == 1);
}

TEST_CASE("request ids are version 4 UUIDs and differ") {
    request_ids ids;
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        const std::string id(ids.next().view());
        CHECK(id.size() == 36);
        CHECK(id[14] == '4');
        CHECK(std::string("89ab").find(id[19]) != std::string::npos);
        CHECK(id[8] == '-');
        CHECK(id[23] == '-');
        CHECK(seen.insert(id).second);
    }
}

TEST_CASE("the date is RFC 9110's") {
    http_date date;
    CHECK(date.at(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(date.at(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
}
