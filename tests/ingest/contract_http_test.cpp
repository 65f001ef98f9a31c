// HTTP itself: methods, heads, connections and CORS, through a socket against the real nd-ingest.
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>

using namespace nd::tests;

namespace {

request good_request() {
    request what;
    what.key = shared_key().key;
    what.body = batch_of(2);
    return what;
}

http_answer ask(const std::string& bytes, bool head = false) {
    auto client = shared_edge().connect();
    client.send(bytes);
    return client.read_answer(head);
}

}  // namespace

TEST_CASE("methods and addresses") {
    auto got = ask("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(got.status == 405);
    CHECK(got.headers.at("allow") == "POST, OPTIONS");
    CHECK(member(got, "code") == "method_not_allowed");
    got = ask("HEAD /v1/events HTTP/1.1\r\nHost: a\r\n\r\n", true);
    CHECK(got.status == 405);
    CHECK(std::stoi(got.headers.at("content-length")) > 0);
    CHECK(ask("BREW /v1/events HTTP/1.1\r\nHost: a\r\n\r\n").status == 405);
    got = ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(got.status == 404);
    CHECK(member(got, "code") == "not_found");
    CHECK(ask("POST /v1/event HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").status == 404);
    CHECK(ask("CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n").status == 404);
    CHECK(ask("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").status == 204);
}

TEST_CASE("what is not HTTP is answered with 400 and the connection ends in order") {
    for (const auto& bytes :
         {std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11) + "\r\n\r\n",
          std::string("hello\r\n\r\n"), std::string("GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
          std::string("GET / HTTP/1.1\r\nHost: a\r\nA B: c\r\n\r\n")}) {
        CAPTURE(bytes);
        auto client = shared_edge().connect();
        client.send(bytes);
        const auto got = client.read_answer();
        CHECK(got.status == 400);
        CHECK(member(got, "code") == "bad_request");
        CHECK(client.ends_in_order());
    }
}

TEST_CASE("huge headers are 431") {
    auto client = shared_edge().connect();
    client.send("POST /v1/events HTTP/1.1\r\nHost: a\r\nX: " + std::string(100'000, 'x') +
                "\r\n\r\n");
    const auto got = client.read_answer();
    CHECK(got.status == 431);
    CHECK(member(got, "code") == "headers_too_large");
    CHECK(client.ends_in_order());
    CHECK(ask("GET /" + std::string(20'000, 'x')).status == 431);
    std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
    for (int i = 0; i < 4000; ++i)
        many += "A: b\r\n";
    CHECK(ask(many + "\r\n").status == 431);
    CHECK(ask("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(15'000, 'x') + "\r\n\r\n").status ==
          404);
}

TEST_CASE("slow headers are 408, silence is not answered") {
    auto slow = shared_edge().connect();
    slow.send("POST /v1/events HTTP/1.1\r\nHost:");
    const auto got = slow.read_answer();
    CHECK(got.status == 408);
    CHECK(member(got, "code") == "request_timeout");
    CHECK(slow.ends_in_order());
    auto drip = shared_edge().connect();
    const std::string head = "GET / HTTP/1.1\r\nHost: aaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n\r\n";
    for (const char c : head) {
        if (!drip.send(std::string(1, c))) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(60));
    }
    CHECK(drip.read_answer().status == 408);  // a byte now and then does not buy more time
}

TEST_CASE("a connection carries request after request, also after errors") {
    auto client = shared_edge().connect();
    for (int round = 0; round < 3; ++round) {
        client.send(good_request().text());
        CHECK(client.read_answer().status == 202);
        auto bad = good_request();
        bad.key = "nope";
        client.send(bad.text());  // refused before its body is read: the body is read over
        auto got = client.read_answer();
        CHECK(got.status == 401);
        CHECK(got.headers.count("connection") == 0);
        bad = good_request();
        bad.body = "{";
        client.send(bad.text());
        CHECK(client.read_answer().status == 400);
        bad = good_request();
        bad.line = "PUT /v1/events HTTP/1.1";
        client.send(bad.text());
        CHECK(client.read_answer().status == 405);
    }
}

TEST_CASE("pipelined requests are answered in their order") {
    auto client = shared_edge().connect();
    std::string all;
    for (int i = 0; i < 20; ++i) {
        all += good_request().text();
        all += "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n";
    }
    std::thread sender([&] { client.send(all); });
    for (int i = 0; i < 20; ++i) {
        CHECK(client.read_answer().status == 202);
        CHECK(client.read_answer().status == 404);
    }
    sender.join();
}

TEST_CASE("a half-closed socket still gets its answer") {
    auto client = shared_edge().connect();
    client.send(good_request().text());
    client.stop_sending();
    CHECK(client.read_answer().status == 202);
    CHECK(client.ends_in_order());
}

TEST_CASE("HTTP/1.0 and Connection: close end the connection, keep-alive keeps it") {
    auto what = good_request();
    what.line = "POST /v1/events HTTP/1.0";
    auto client = shared_edge().connect();
    client.send(what.text());
    auto got = client.read_answer();
    CHECK(got.status == 202);
    CHECK(got.headers.at("connection") == "close");
    CHECK(client.ends_in_order());

    what.headers += "Connection: keep-alive\r\n";
    auto kept = shared_edge().connect();
    for (int i = 0; i < 2; ++i) {
        kept.send(what.text());
        got = kept.read_answer();
        CHECK(got.status == 202);
        CHECK(got.headers.at("connection") == "keep-alive");
    }

    what = good_request();
    what.headers += "Connection: close\r\n";
    auto closing = shared_edge().connect();
    closing.send(what.text());
    CHECK(closing.read_answer().headers.at("connection") == "close");
    CHECK(closing.ends_in_order());
}

TEST_CASE("a client that hangs up before its answer harms nobody") {
    for (int i = 0; i < 50; ++i) {
        auto client = shared_edge().connect();
        client.send(good_request().text());
    }
    CHECK(ask(good_request().text()).status == 202);
}

TEST_CASE("any origin is echoed on every answer, errors too") {
    const std::string origin = "Origin: https://shop.example\r\n";
    const std::string expose = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id";
    auto ok = good_request();
    ok.headers += origin;
    auto unknown = ok;
    unknown.key = "nope";
    auto broken = ok;
    broken.body = "{";
    for (const auto& bytes :
         {ok.text(), unknown.text(), broken.text(),
          "GET / HTTP/1.1\r\nHost: a\r\n" + origin + "\r\n", "GET / HTTP/1.1\r\n" + origin + "\r\n",
          "PUT /v1/events HTTP/1.1\r\nHost: a\r\n" + origin + "\r\n"}) {
        const auto got = ask(bytes);
        CAPTURE(got.status);
        CHECK(got.headers.at("access-control-allow-origin") == "https://shop.example");
        CHECK(got.headers.at("access-control-expose-headers") == expose);
        CHECK(got.headers.at("vary") == "Origin");
        CHECK(got.headers.count("x-request-id") == 1);
        CHECK(got.headers.count("access-control-allow-credentials") == 0);
    }
}

TEST_CASE("a preflight needs no key and takes no place") {
    const auto key = shared_edge().make_key("", 1);
    const std::string preflight =
        "OPTIONS /v1/events HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n"
        "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: "
        "content-type,x-nd-key\r\n\r\n";
    for (int i = 0; i < 5; ++i) {
        const auto got = ask(preflight);
        CHECK(got.status == 204);
        CHECK(got.headers.at("access-control-allow-origin") == "https://shop.example");
        CHECK(got.headers.at("access-control-allow-methods") == "POST, OPTIONS");
        CHECK(got.headers.at("access-control-allow-headers") ==
              "content-type, content-encoding, if-none-match, x-nd-key");
        CHECK(got.headers.at("access-control-max-age") == "7200");
        CHECK(got.headers.at("vary") == "Origin");
    }
    auto what = good_request();
    what.key = key.key;
    http_answer got;
    for (int tries = 0; tries < 100 && got.status != 202 && got.status != 429; ++tries)
        got = ask(what.text());
    CHECK(got.status == 202);
    CHECK(ask(what.text()).status == 429);
}

TEST_CASE("no two answers have the same request id") {
    CHECK(
        ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n").headers.at("x-request-id") !=
        ask("GET / HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine\r\n\r\n").headers.at("x-request-id"));
}

TEST_CASE("the admin port shows health, readiness, numbers and the API") {
    auto& edge = shared_edge();
    CHECK(edge.admin("/healthz").status == 200);
    const auto ready = edge.admin("/readyz");
    CHECK(ready.status == 200);
    CHECK(member(ready, "ready") == "true");
    CHECK(json_of(ready).at("postgres").as_object().at("reachable").as_bool());
    ask(good_request().text());
    const auto numbers = edge.admin("/metrics").body;
    for (const std::string name :
         {"nd_ingest_events_accepted_total", "nd_ingest_requests_total{code=\"accepted\"}",
          "nd_ingest_ack_seconds_count", "nd_ingest_queued_records", "nd_ingest_body_bytes",
          "nd_ingest_connections", "nd_ingest_keys", "nd_ingest_kafka_reachable 1"}) {
        CAPTURE(name);
        CHECK(numbers.find("\n" + name) != std::string::npos);
    }
    CHECK(edge.admin("/openapi.yaml").body.find("/v1/events") != std::string::npos);
    CHECK(edge.admin("/elsewhere").status == 404);
}
