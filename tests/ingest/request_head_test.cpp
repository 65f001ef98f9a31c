#include "ingest/request_head.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using namespace nd::ingest;
using boost::beast::http::verb;

struct parsed {
    head_state state = head_state::need_more;
    request_head head;
    std::size_t used = 0;
    std::string what;
};

parsed parse(const std::string& bytes) {
    parsed p;
    head_parser parser(p.head);
    p.state = parser.feed(bytes, p.used);
    p.what = parser.what();
    return p;
}

const std::string good =
    "POST /v1/events HTTP/1.1\r\nHost: a\r\nx-nd-key: nd_live_1\r\nOrigin: https://shop\r\n"
    "Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n";

}  // namespace

TEST_CASE("a head is taken apart and the body is left alone") {
    const auto p = parse(good + "{\"events\":[]");
    CHECK(p.state == head_state::complete);
    CHECK(p.used == good.size());
    CHECK(p.head.method == verb::post);
    CHECK(p.head.target == "/v1/events");
    CHECK(p.head.key.get() == "nd_live_1");
    CHECK(p.head.origin.get() == "https://shop");
    CHECK(p.head.content_type.get() == "application/json");
    CHECK(p.head.content_encoding == "gzip");
    CHECK(p.head.content_length == 12);
    CHECK(p.head.keep_alive);
    CHECK_FALSE(p.head.chunked);
    CHECK_FALSE(p.head.expects_continue);
}

TEST_CASE("a head that comes byte by byte is the same head") {
    request_head head;
    head_parser parser(head);
    std::string held;
    auto state = head_state::need_more;
    for (const char c : good) {
        REQUIRE(state == head_state::need_more);
        held += c;
        std::size_t used = 0;
        state = parser.feed(held, used);
        held.erase(0, used);
    }
    CHECK(state == head_state::complete);
    CHECK(held.empty());
    CHECK(head.key.get() == "nd_live_1");
    CHECK(head.content_length == 12);
}

TEST_CASE("a head that could be read in two ways is refused") {
    for (const std::string extra : {
             "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
             "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
             "Transfer-Encoding: gzip, chunked\r\n",
             "Transfer-Encoding: chunked, gzip\r\n",
             "Transfer-Encoding: identity\r\n",
             "Content-Length: 3\r\nContent-Length: 4\r\n",
             "Content-Length: 3, 4\r\n",
             "Content-Length: -1\r\n",
             "Content-Length: +3\r\n",
             "Content-Length: 3x\r\n",
             "Content-Length: 99999999999999999999\r\n",
             "Content-Length: \r\n",
             "X-ND-Key: a\r\nX-ND-Key: b\r\n",
             "X-ND-Key: a\r\nx-nd-key: a\r\n",
             "Origin: https://a\r\nOrigin: https://b\r\n",
             "Content-Type: application/json\r\nContent-Type: text/plain\r\n",
             "Host: b\r\n",
             "Bad Name: x\r\n",
             "NoColon\r\n",
             "X: a\nY: b\r\n",
         }) {
        CAPTURE(extra);
        const auto p = parse("POST /v1/events HTTP/1.1\r\nHost: a\r\n" + extra + "\r\n");
        CHECK(p.state == head_state::bad);
        CHECK_FALSE(p.what.empty());
    }
    CHECK(parse("POST / HTTP/1.1\r\n\r\n").state == head_state::bad);  // no Host
    CHECK(parse("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n").state == head_state::bad);
}

TEST_CASE("what is not HTTP is refused") {
    for (const std::string bytes :
         {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 hello\r\n\r\n", "GET\r\n\r\n",
          "GET / HTTP/2.0\r\n\r\n", "GET / HTTP/0.9\r\n\r\n", "GET  / HTTP/1.1\r\n\r\n", "\r\n\r\n",
          "get\x01 / HTTP/1.1\r\n\r\n"}) {
        CAPTURE(bytes);
        CHECK(parse(bytes).state == head_state::bad);
    }
}

TEST_CASE("a head over 16 KiB is too large, whether it ends or not") {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    const std::string end = "\r\n\r\n";
    const std::string fits(max_header - start.size() - end.size(), 'x');
    CHECK(parse(start + fits + end).state == head_state::complete);
    CHECK(parse(start + fits + "x" + end).state == head_state::too_large);
    CHECK(parse(start + std::string(max_header, 'x')).state == head_state::too_large);
    CHECK(parse("GET /" + std::string(max_header, 'x')).state == head_state::too_large);
}

TEST_CASE("keep-alive and expectations follow version and headers") {
    const auto head_of = [](const std::string& line, const std::string& fields) {
        return parse(line + "Host: a\r\n" + fields + "\r\n").head;
    };
    CHECK(head_of("GET / HTTP/1.1\r\n", "").keep_alive);
    CHECK_FALSE(head_of("GET / HTTP/1.1\r\n", "Connection: close\r\n").keep_alive);
    CHECK_FALSE(head_of("GET / HTTP/1.0\r\n", "").keep_alive);
    CHECK(head_of("GET / HTTP/1.0\r\n", "Connection: keep-alive\r\n").keep_alive);
    CHECK(head_of("POST / HTTP/1.1\r\n", "Expect: 100-Continue\r\nContent-Length: 1\r\n")
              .expects_continue);
    CHECK(parse("GET / HTTP/1.0\r\n\r\n").state == head_state::complete);  // 1.0 needs no Host
}

TEST_CASE("several Content-Encoding lines are one list") {
    const auto p = parse(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Encoding: zstd\r\n\r\n");
    CHECK(p.head.content_encoding == "gzip,zstd");
}
