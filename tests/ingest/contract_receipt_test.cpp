// Receipts, through a socket against the real nd-ingest: what a 202 carries, what GET answers, and
// that a token which is not one's own says nothing at all.
#include "schema/receipt.hpp"
#include "schema/record.hpp"
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/topic_reader.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

using namespace nd;
using namespace nd::tests;

namespace {

using header_list = std::vector<std::pair<std::string, std::string>>;

http_answer send(const new_key& key, const std::string& query, std::size_t events = 3) {
    auto what = good_request(key.key, events);
    what.line = "POST /v1/events" + query + " HTTP/1.1";
    return shared_edge().ask(what);
}

http_answer look(const std::string& token, const std::string& key, const std::string& headers = "",
                 const edge_process& at = shared_edge()) {
    request what;
    what.line = "GET /v1/receipts/" + token + " HTTP/1.1";
    what.key = key;
    what.headers = headers;
    what.length = false;
    return at.ask(what);
}

void check_problem(const http_answer& got, int status, const std::string& code) {
    CHECK(got.status == status);
    CHECK(member(got, "code") == code);
    CHECK(got.headers.at("content-type") == "application/problem+json");
    CHECK(member(got, "request_id") == got.headers.at("x-request-id"));
}

// What this edge itself would sign, `days` after it did.
std::string aged(const new_key& key, int days) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
    schema::receipt_keys keys(*schema::receipt_secrets("", edge_process::pepper));
    return keys.sign(schema::make_receipt(*schema::parse_tenant_id(key.tenant), schema::uuid{}, 7,
                                          schema::instant{us - days * 86'400'000'000}));
}

}  // namespace

TEST_CASE(
    "a receipt is given to who asks for it, and each record says its place among the accepted") {
    const auto key = shared_edge().known_key();
    topic_reader reader(required("ND_TEST_KAFKA"), schema::events_topic);
    auto what = good_request(key.key);
    what.line = "POST /v1/events?receipt=1 HTTP/1.1";
    what.body = batch(event() + ",{}," + event() + "," + event());
    const auto got = shared_edge().ask(what);
    REQUIRE(got.status == 202);
    CHECK(member(got, "accepted") == "3");
    const auto token = member(got, "receipt");
    CHECK(token.starts_with("ndr_"));
    CHECK(token.size() <= 1024);
    const auto records = reader.of_key(key.tenant, 3);
    REQUIRE(records.size() == 3);
    for (std::size_t i = 0; i < records.size(); ++i)
        CHECK(records[i].headers == header_list{{"nd-environment", "live"},
                                                {"nd-request", member(got, "request_id")},
                                                {"nd-receipt", std::to_string(i)}});
    for (const auto* query : {"", "?receipt=0", "?validate=1&receipt=1"})
        CHECK(send(key, query).body.find("receipt") == std::string::npos);
    CHECK(send(key, "?receipt=2").status == 400);
}

TEST_CASE("GET answers with the request's events by state, to any key of the tenant") {
    auto& edge = shared_edge();
    const auto key = edge.known_key();
    const auto got = send(key, "?receipt=1", 6);
    REQUIRE(got.status == 202);
    const auto token = member(got, "receipt");
    auto seen = look(token, key.key);
    REQUIRE_MESSAGE(seen.status == 200, seen.body);
    CHECK(member(seen, "pending") == "6");  // no writer runs here
    CHECK(member(seen, "request_id") == member(got, "request_id"));
    CHECK(seen.headers.at("ratelimit-policy") == "\"read\";q=600;w=60");
    auto admin = edge.database().admin();
    must(admin,
         fmt::format("insert into nd.receipts values ('{}', '{}', '', now(), '{{[0,2),[3,4)}}', "
                     "'{{[2,3)}}', '{{[3,5)}}')",
                     key.tenant, member(got, "request_id")));
    seen = look(token, key.key, "Origin: https://app.example.com\r\n");
    REQUIRE(seen.status == 200);
    CHECK(seen.headers.at("access-control-allow-origin") == "https://app.example.com");
    for (const auto& [state, count] : {std::pair("accepted", "6"),
                                       {"stored", "2"},
                                       {"dead", "1"},
                                       {"erased", "2"},
                                       {"pending", "1"}})
        CHECK_MESSAGE(member(seen, state) == count, state);
}

TEST_CASE("a forged, cut, foreign or unknown token gets one and the same 403") {
    auto& edge = shared_edge();
    const auto key = edge.known_key();
    const auto other = edge.known_key();
    const auto token = member(send(key, "?receipt=1"), "receipt");
    REQUIRE(look(token, key.key).status == 200);
    auto flipped = token;
    flipped[50] = flipped[50] == 'A' ? 'B' : 'A';
    schema::receipt_keys stranger({std::string(32, 's')});
    const auto forged = stranger.sign(
        schema::make_receipt(*schema::parse_tenant_id(key.tenant), schema::uuid{}, 3, {}));
    const auto foreign = look(token, other.key);
    check_problem(foreign, 403, "receipt_refused");
    for (const auto& bad :
         {flipped, forged, token.substr(0, 80), token + "A", token.substr(1), aged(other, 0),
          aged(other, 91), std::string("x"), std::string(1024, 'A'), std::string("%2e%2e")}) {
        const auto said = look(bad, key.key);
        check_problem(said, 403, "receipt_refused");
        CHECK(member(said, "detail") == member(foreign, "detail"));
        CHECK(said.headers.at("content-length") == foreign.headers.at("content-length"));
    }
    check_problem(look(aged(key, 91), key.key), 403, "receipt_expired");
    CHECK(look(aged(key, 89), key.key).status == 200);
}

TEST_CASE("receipts need a key as events do") {
    auto& edge = shared_edge();
    const auto key = edge.known_key("--origin https://app.example.com");
    const auto token = aged(key, 0);
    check_problem(look(token, ""), 401, "missing_key");
    check_problem(look(token, "hello"), 401, "malformed_key");
    check_problem(look(token, key.key, "Origin: https://evil.example\r\n"), 403,
                  "origin_not_allowed");
    CHECK(look(token, key.key, "Origin: https://app.example.com\r\n").status == 200);
    const auto narrow = edge.make_key("--scopes schema");
    REQUIRE(eventually(std::chrono::seconds(10), [&] {
        return member(look(aged(narrow, 0), narrow.key), "code") == "scope_missing";
    }));
}

TEST_CASE("the limit of reading is its own, and a 429 says when to come again") {
    auto& edge = shared_edge();
    const auto key = edge.make_key();
    edge.ndctl("limits set --class read --per-minute 3 --tenant " + key.tenant);
    const auto token = aged(key, 0);
    http_answer said;
    REQUIRE(eventually(std::chrono::seconds(10), [&] {
        said = look(token, key.key);
        return said.status == 429;
    }));
    check_problem(said, 429, "rate_limited");
    CHECK(said.headers.at("ratelimit-policy") == "\"read\";q=3;w=60");
    CHECK(std::stoi(said.headers.at("retry-after")) >= 1);
    CHECK(send(key, "").status == 202);
}

TEST_CASE("the address takes GET and OPTIONS, and no parameters") {
    auto& edge = shared_edge();
    const auto token = aged(shared_key(), 0);
    const auto with = [&](const std::string& method, const std::string& path) {
        auto what = good_request(shared_key().key);
        what.line = method + " " + path + " HTTP/1.1";
        return edge.ask(what);
    };
    for (const auto* method : {"POST", "PUT", "DELETE", "PATCH"}) {
        const auto said = with(method, "/v1/receipts/" + token);
        check_problem(said, 405, "method_not_allowed");
        CHECK(said.headers.at("allow") == "GET, OPTIONS");
    }
    check_problem(with("GET", "/v1/receipts/" + token + "?validate=1"), 400, "bad_request");
    check_problem(with("GET", "/v1/receipts/"), 404, "not_found");
    check_problem(with("GET", "/v1/receipts/a/b"), 404, "not_found");
    const auto preflight = with("OPTIONS", "/v1/receipts/" + token);
    CHECK(preflight.status == 204);
    CHECK(preflight.headers.at("access-control-allow-methods") == "GET, OPTIONS");
    CHECK(with("GET", "/v1/receipts/" + token).status == 200);  // a body that nobody asked for
}

TEST_CASE(
    "while Postgres is away from receipts they are 503, the place is given back, events go on") {
    for (const auto* url : {"postgresql://nd_reader@127.0.0.1:1/nd", ""}) {
        CAPTURE(url);
        edge_process edge(variables{{"ND_READER_DATABASE_URL", url}});
        const auto key = edge.known_key();
        const auto token = aged(key, 0);
        for (int again = 0; again < 3; ++again) {
            const auto said = look(token, key.key, "", edge);
            check_problem(said, 503, "receipts_unavailable");
            CHECK(std::stoi(said.headers.at("retry-after")) >= 1);
            CHECK(said.headers.at("ratelimit").starts_with("\"read\";r=600;"));
        }
        check_problem(look("x", key.key, "", edge), 403, "receipt_refused");
        CHECK(edge.ask(good_request(key.key)).status == 202);
    }
}
