// Who is let in: keys, origins, scopes and limits, through a socket against the real nd-ingest.
#include "base/random.hpp"
#include "schema/api_key.hpp"
#include "tests/ingest/edge_process.hpp"
#include "tests/ingest/sample_request.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace nd::tests;

namespace {

http_answer ask(const request& what) {
    auto client = shared_edge().connect();
    client.send(what.text());
    return client.read_answer();
}

http_answer ask_with(const std::string& key, const std::string& headers = "") {
    request what;
    what.key = key;
    what.headers += headers;
    what.body = batch_of(1);
    return ask(what);
}

// Changes reach the edge through LISTEN: at once, but not before ndctl has ended.
http_answer ask_until(const std::string& key, int status, const std::string& headers = "") {
    http_answer got;
    for (int tries = 0; tries < 100; ++tries) {
        got = ask_with(key, headers);
        if (got.status == status) break;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return got;
}

void check_problem(const http_answer& got, int status, const std::string& code) {
    CHECK(got.status == status);
    CHECK(member(got, "code") == code);
    CHECK(got.headers.at("content-type") == "application/problem+json");
    CHECK(member(got, "request_id") == got.headers.at("x-request-id"));
    CHECK_FALSE(member(got, "detail").empty());
}

}  // namespace

TEST_CASE("a good key is let in, whichever case its header has") {
    auto got = ask_with(shared_key().key);
    CHECK(got.status == 202);
    CHECK(member(got, "accepted") == "1");
    CHECK(member(got, "request_id") == got.headers.at("x-request-id"));
    request what;
    what.headers += "x-nd-key: " + shared_key().key + "\r\n";
    what.body = batch_of(1);
    CHECK(ask(what).status == 202);
}

TEST_CASE("no key, no answer but 401") {
    check_problem(ask_with(""), 401, "missing_key");
    check_problem(ask_with("hello"), 401, "malformed_key");
    check_problem(ask_with("nd_live_short"), 401, "malformed_key");
    check_problem(ask_with(shared_key().key + "a"), 401, "malformed_key");
    auto wrong = shared_key().key;
    wrong[20] = wrong[20] == 'a' ? 'b' : 'a';
    check_problem(ask_with(wrong), 401, "malformed_key");
    check_problem(
        ask_with(nd::schema::make_api_key(nd::schema::environment::live, nd::base::fill_random)),
        401, "unknown_key");
}

TEST_CASE("an empty key and a doubled key are refused") {
    request what;
    what.headers += "X-ND-Key:\r\n";
    what.body = batch_of(1);
    CHECK(ask(what).status == 401);
    what.headers = "Content-Type: application/json\r\nX-ND-Key: " + shared_key().key +
                   "\r\nX-ND-Key: " + shared_key().key + "\r\n";
    check_problem(ask(what), 400, "bad_request");
}

TEST_CASE("a revoked key stops, an expired key stops, a suspended tenant stops") {
    auto& edge = shared_edge();
    const auto key = edge.make_key();
    CHECK(ask_until(key.key, 202).status == 202);
    edge.ndctl("key revoke " + key.id + " --tenant " + key.tenant);
    check_problem(ask_until(key.key, 401), 401, "key_revoked");

    const auto brief = edge.make_key("--expires 2s");
    CHECK(ask_until(brief.key, 202).status == 202);
    std::this_thread::sleep_for(std::chrono::seconds(2));
    check_problem(ask_with(brief.key), 401, "key_expired");

    const auto other = edge.make_key();
    CHECK(ask_until(other.key, 202).status == 202);
    edge.ndctl("tenant suspend " + other.tenant);
    check_problem(ask_until(other.key, 403), 403, "tenant_suspended");
}

TEST_CASE("origins are held to the key's list, and a server needs none") {
    auto& edge = shared_edge();
    const auto key = edge.make_key("--origin https://shop.example");
    CHECK(ask_until(key.key, 202).status == 202);  // no Origin: a server
    CHECK(ask_with(key.key, "Origin: https://shop.example\r\n").status == 202);
    for (const std::string foreign :
         {"https://evil.example", "http://shop.example", "https://shop.example:444", "null"}) {
        CAPTURE(foreign);
        const auto got = ask_with(key.key, "Origin: " + foreign + "\r\n");
        check_problem(got, 403, "origin_not_allowed");
        CHECK(got.headers.at("access-control-allow-origin") ==
              foreign);  // or the page could not read why
    }
    const auto browser = edge.make_key("--origin https://shop.example --browser-only");
    CHECK(ask_until(browser.key, 202, "Origin: https://shop.example\r\n").status == 202);
    check_problem(ask_with(browser.key), 403, "origin_not_allowed");
    check_problem(ask_with(shared_key().key, "Origin: null\r\n"), 403, "origin_not_allowed");
}

TEST_CASE("a key without the scope events is refused") {
    const auto key = shared_edge().make_key("--scopes schema,chat");
    check_problem(ask_until(key.key, 403), 403, "scope_missing");
}

TEST_CASE("sixty requests in a minute are accepted, the next is told when to come back") {
    const auto key = shared_edge().make_key("", 0);  // the default limit
    CHECK(ask_until(key.key, 202).headers.at("ratelimit-policy") == "\"events\";q=60;w=60");
    auto client = shared_edge().connect();
    request what;
    what.key = key.key;
    what.body = batch_of(1);
    for (int n = 2; n <= 60; ++n) {
        CAPTURE(n);
        // What is refused after the limit has admitted it counts as well, and so does ?validate=1.
        what.line = n % 3 == 0 ? "POST /v1/events?validate=1 HTTP/1.1" : "POST /v1/events HTTP/1.1";
        what.body = n % 5 == 0 ? "{}" : batch_of(1);
        client.send(what.text());
        const auto got = client.read_answer();
        CHECK(got.status == (n % 5 == 0 ? 422 : n % 3 == 0 ? 200 : 202));
        CHECK(got.headers.at("ratelimit")
                  .starts_with("\"events\";r=" + std::to_string(60 - n) + ";t="));
    }
    client.send(what.text());
    const auto got = client.read_answer();
    check_problem(got, 429, "rate_limited");
    CHECK(got.headers.at("ratelimit").starts_with("\"events\";r=0;t="));
    const auto wait = std::stoi(got.headers.at("retry-after"));
    CHECK(wait >= 1);
    CHECK(wait <= 60);
    // A 429 takes no place, a wrong key or a preflight neither: the next is refused for the same
    // reason, not for more.
    client.send(what.text());
    CHECK(client.read_answer().status == 429);
}

TEST_CASE("the limit is exact across threads and connections") {
    const auto key = shared_edge().make_key("", 0);
    CHECK(ask_until(key.key, 202).status == 202);
    std::atomic<int> accepted{1};
    std::atomic<int> limited{0};
    std::vector<std::thread> senders;
    for (int t = 0; t < 8; ++t)
        senders.emplace_back([&] {
            for (int n = 0; n < 25; ++n) {
                const auto status = ask_with(key.key).status;
                if (status == 202) ++accepted;
                if (status == 429) ++limited;
            }
        });
    for (auto& one : senders)
        one.join();
    CHECK(accepted == 60);
    CHECK(limited == 141);
}
