// How a body may come: codings, sizes, framing, through a socket against the real nd-ingest.
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <fmt/format.h>

#include <string>

using namespace nd::tests;

namespace {

request with_body(const std::string& body, const std::string& headers = "") {
    request what;
    what.key = shared_key().key;
    what.headers += headers;
    what.body = body;
    return what;
}

http_answer ask(const request& what) {
    auto client = shared_edge().connect();
    client.send(what.text());
    return client.read_answer();
}

http_answer coded(const std::string& coding, const std::string& body) {
    return ask(with_body(body, "Content-Encoding: " + coding + "\r\n"));
}

std::string chunked(const std::string& body, std::size_t step) {
    std::string made;
    for (std::size_t at = 0; at < body.size(); at += step) {
        const auto piece = body.substr(at, step);
        made += fmt::format("{:x}\r\n", piece.size()) + piece + "\r\n";
    }
    return made + "0\r\n\r\n";
}

// A batch of about so many bytes, all of them acceptable.
std::string big_batch(std::size_t size) {
    std::string events;
    while (events.size() < size - 30'000)
        events += (events.empty() ? "" : ",") +
                  event(",\"properties\":{\"a\":\"" + std::string(28'000, 'x') + "\"}");
    return batch(events);
}

}  // namespace

TEST_CASE("gzip, zstd and identity are understood") {
    CHECK(coded("gzip", gzip(batch_of(50))).status == 202);
    CHECK(coded("zstd", zstd(batch_of(50))).status == 202);
    CHECK(coded("identity", batch_of(50)).status == 202);
    CHECK(coded("GZIP", gzip(batch_of(1))).status == 202);
    CHECK(coded("zstd", zstd(big_batch(3'000'000), 23)).status == 202);
}

TEST_CASE("other codings are 415 and say which there are") {
    for (const std::string coding : {"br", "deflate", "gzip, gzip", "gzip, zstd", "compress"}) {
        CAPTURE(coding);
        const auto got = coded(coding, batch_of(1));
        CHECK(got.status == 415);
        CHECK(member(got, "code") == "unsupported_encoding");
        CHECK(got.headers.at("accept-encoding") == "gzip, zstd, identity");
    }
    CHECK(ask(with_body(batch_of(1), "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"))
              .status == 415);
}

TEST_CASE("broken, truncated, doubled and mislabelled streams are 400 bad_encoding") {
    const auto plain = batch_of(20);
    const auto g = gzip(plain);
    const auto z = zstd(plain);
    const struct {
        std::string coding;
        std::string body;
    } table[] = {
        {"gzip", g + g},
        {"gzip", g + "x"},
        {"gzip", g.substr(0, g.size() - 3)},
        {"gzip", g.substr(0, g.size() / 2)},
        {"gzip", z},
        {"gzip", plain},
        {"gzip", gzip(plain, 15)},
        {"gzip", ""},
        {"zstd", z + z},
        {"zstd", z + "x"},
        {"zstd", z.substr(0, z.size() - 1)},
        {"zstd", z.substr(0, z.size() / 2)},
        {"zstd", g},
        {"zstd", plain},
        {"zstd", zstd(plain, 24)},
        {"zstd", ""},
    };
    for (const auto& row : table) {
        CAPTURE(row.coding);
        CAPTURE(row.body.size());
        const auto got = coded(row.coding, row.body);
        CHECK(got.status == 400);
        CHECK(member(got, "code") == "bad_encoding");
    }
    CHECK(member(coded("zstd", zstd(plain, 27)), "detail").find("8 MiB") != std::string::npos);
}

TEST_CASE("bombs are 413 and cost nothing that stays") {
    for (int i = 0; i < 5; ++i) {
        CHECK(member(coded("gzip", gzip(std::string(200 << 20, ' '))), "code") == "body_too_large");
        CHECK(member(coded("zstd", zstd(std::string(200 << 20, ' '))), "code") == "body_too_large");
    }
    CHECK(shared_edge().admin("/metrics").body.find("nd_ingest_body_bytes 0\n") !=
          std::string::npos);
}

TEST_CASE("only application/json is a body") {
    for (const std::string type : {"", "Content-Type: text/plain\r\n",
                                   "Content-Type: application/x-www-form-urlencoded\r\n"}) {
        auto what = with_body(batch_of(1));
        what.headers = type;
        const auto got = ask(what);
        CHECK(got.status == 415);
        CHECK(member(got, "code") == "unsupported_media_type");
    }
    auto what = with_body(batch_of(1));
    what.headers = "Content-Type: application/json; charset=utf-8\r\n";
    CHECK(ask(what).status == 202);
}

TEST_CASE("a body over 1 MiB is 413, with a length, without, and while the client still sends") {
    const std::string big((1 << 20) + 1, ' ');
    CHECK(ask(with_body(big)).status == 413);
    auto lazy = with_body("");
    lazy.length = false;
    lazy.headers += "Content-Length: 100000000\r\n";
    CHECK(ask(lazy).status == 413);  // before a byte of it
    auto client = shared_edge().connect();
    lazy.headers = "Content-Type: application/json\r\nContent-Length: 10000000\r\n";
    client.send(lazy.text());
    for (int i = 0; i < 160; ++i)
        client.send(std::string(62'500, ' '));  // all of it, unread: the answer must survive that
    const auto got = client.read_answer();
    CHECK(got.status == 413);
    CHECK(got.headers.at("connection") == "close");
    CHECK(client.ends_in_order());
    auto pieces = with_body(chunked(big, 50'000), "Transfer-Encoding: chunked\r\n");
    pieces.length = false;
    CHECK(ask(pieces).status == 413);
    CHECK(ask(with_body(big_batch((1 << 20) - 2'000))).status == 202);
}

TEST_CASE("a chunked body is a body, and the next request follows it") {
    auto client = shared_edge().connect();
    for (const std::size_t step : {1UL, 7UL, 1000UL, 100'000UL}) {
        auto what = with_body(chunked(batch_of(30), step), "Transfer-Encoding: chunked\r\n");
        what.length = false;
        client.send(what.text());
        CHECK(client.read_answer().status == 202);
    }
    auto what = with_body("5\r\nhelloX\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n");
    what.length = false;
    client.send(what.text());
    CHECK(client.read_answer().status == 400);
    CHECK(client.ends_in_order());
}

TEST_CASE("a length and chunks together are refused and the connection with them") {
    for (const std::string both :
         {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
          "Content-Length: 3\r\nContent-Length: 4\r\n", "Transfer-Encoding: gzip, chunked\r\n"}) {
        CAPTURE(both);
        auto client = shared_edge().connect();
        auto what = with_body("0\r\n\r\n", both);
        what.length = false;
        client.send(what.text());
        const auto got = client.read_answer();
        CHECK(got.status == 400);
        CHECK(member(got, "code") == "bad_request");
        CHECK(client.ends_in_order());
    }
}

TEST_CASE("Expect: 100-continue is answered before the body, or refused without it") {
    auto client = shared_edge().connect();
    auto what = with_body(batch_of(3), "Expect: 100-continue\r\n");
    const auto text = what.text();
    const auto head = text.substr(0, text.size() - what.body.size());
    client.send(head);
    CHECK(client.read_answer().status == 100);
    client.send(what.body);
    CHECK(client.read_answer().status == 202);
    client.send(text);  // without waiting: no invitation is needed, but one is no fault
    auto got = client.read_answer();
    if (got.status == 100) got = client.read_answer();
    CHECK(got.status == 202);

    what.key = "nope";
    const auto refused = what.text();
    client.send(refused.substr(0, refused.size() - what.body.size()));
    got = client.read_answer();
    CHECK(got.status == 401);
    CHECK(got.headers.at("connection") == "close");  // whether the body comes is not known
    CHECK(client.ends_in_order());
}

TEST_CASE("a slow body is 408, a body that ends early is 400") {
    auto slow = shared_edge().connect();
    const auto text = with_body(batch_of(2)).text();
    slow.send(text.substr(0, text.size() - 10));
    const auto got = slow.read_answer();
    CHECK(got.status == 408);
    CHECK(member(got, "code") == "request_timeout");
    CHECK(slow.ends_in_order());

    auto cut = shared_edge().connect();
    cut.send(text.substr(0, text.size() - 10));
    cut.stop_sending();
    CHECK(cut.read_answer().status == 400);
}
