// Page structures, through a socket against the real nd-ingest: what is answered, and what is in
// nd.pages.v1 then. The redactor has its own tests (tests/schema); here is what the edge does with
// it.
#include "schema/page_fingerprint.hpp"
#include "schema/page_record.hpp"
#include "schema/record.hpp"
#include "schema/session_hash.hpp"
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

// Keys with the scope `schema`, and limits that no test reaches but the one about limits.
const new_key& page_key() {
    static const new_key key = [] {
        auto& edge = shared_edge();
        auto made = edge.known_key("--scopes events,schema");
        for (const auto* cls : {"schema", "read"})
            edge.ndctl(fmt::format("limits set --class {} --per-minute 6000 --tenant {}", cls,
                                   made.tenant));
        return made;
    }();
    return key;
}

std::string page(const std::string& name, const std::string& session = "s-1") {
    return fmt::format(
        R"({{"page":"/app/7?q=alice","title":"Settings","session_id":"{}","user":"alice",)"
        R"("elements":[{{"ref":1,"role":"main","section":"main"}},{{"ref":2,"parent":1,)"
        R"("role":"button","name":"{}","value":"swordfish","state":{{"disabled":true}}}},)"
        R"({{"ref":3,"parent":1,"role":"row","name":"Alice Smith"}}]}})",
        session, name);
}

request page_request(const std::string& body, const new_key& key = page_key()) {
    request what;
    what.line = "POST /v1/schema HTTP/1.1";
    what.key = key.key;
    what.body = body;
    return what;
}

// Until the process has heard of the limits.
http_answer send(const request& what, const edge_process& at = shared_edge()) {
    http_answer said;
    static_cast<void>(eventually(std::chrono::seconds(10), [&] {
        said = at.ask(what);
        return said.status != 429;
    }));
    return said;
}

http_answer look(const std::string& query, const new_key& key = page_key(),
                 const edge_process& at = shared_edge()) {
    auto client = at.connect();
    request what;
    what.line = "HEAD /v1/schema" + query + " HTTP/1.1";
    what.key = key.key;
    what.length = false;
    client.send(what.text());
    return client.read_answer(true);
}

void check_problem(const http_answer& got, int status, const std::string& code) {
    CHECK_MESSAGE(got.status == status, got.body);
    CHECK(member(got, "code") == code);
    CHECK(got.headers.at("content-type") == "application/problem+json");
    CHECK(member(got, "request_id") == got.headers.at("x-request-id"));
}

}  // namespace

TEST_CASE("a page gets a 202 with its fingerprint, and Kafka has the rebuilt page, nothing else") {
    topic_reader reader(required("ND_TEST_KAFKA"), schema::pages_topic);
    const auto name = "Save alice@example.com " + fresh_id();
    const auto got = send(page_request(page(name)));
    REQUIRE_MESSAGE(got.status == 202, got.body);
    CHECK(member(got, "status") == "queued");
    CHECK(got.headers.at("ratelimit-policy") == "\"schema\";q=6000;w=60");
    const auto records = reader.of_key(page_key().tenant, 1);
    REQUIRE(records.size() == 1);
    CHECK(records[0].headers == header_list{{"nd-environment", "live"},
                                            {"nd-request", member(got, "request_id")},
                                            {"nd-fingerprint", member(got, "fingerprint")}});
    const auto& value = records[0].value;
    for (const auto* secret : {"alice", "Alice", "swordfish", "s-1", "user", "value", "?"})
        CHECK_MESSAGE(value.find(secret) == std::string::npos, value);
    CHECK(value.starts_with(R"({"page":"/app/:id","title":"Settings","captured_at":")"));
    CHECK(value.find(R"({"ref":2,"parent":1,"role":"button","name":"Save [email] [token]",)"
                     R"("state":{"disabled":true}},)"
                     R"({"ref":3,"parent":1,"role":"row","name":"[content]"})") !=
          std::string::npos);

    schema::page_record_reader records_of;
    const auto read = records_of.read(value);
    REQUIRE(read.has_value());
    const auto tenant = *schema::parse_tenant_id(page_key().tenant);
    CHECK(to_string(schema::fingerprint_of(tenant, *read)) == member(got, "fingerprint"));
    schema::session_hasher hasher(edge_process::pepper);
    CHECK(read->session() == hasher(tenant, "s-1"));
}

TEST_CASE("the same page in the same session is sent once, another session counts") {
    topic_reader reader(required("ND_TEST_KAFKA"), schema::pages_topic);
    auto& edge = shared_edge();
    const auto key = edge.known_key("--scopes events,schema");
    edge.ndctl("limits set --class schema --per-minute 6000 --tenant " + key.tenant);
    const auto ask = [&](const std::string& session) {
        return send(page_request(page("Open", session), key));
    };
    const auto first = ask("s-1");
    REQUIRE(member(first, "status") == "queued");
    for (int again = 0; again < 20; ++again) {
        const auto said = ask("s-1");
        CHECK(said.status == 202);
        CHECK(member(said, "status") == "known");
        CHECK(member(said, "fingerprint") == member(first, "fingerprint"));
    }
    CHECK(member(ask("s-2"), "status") == "queued");
    // Another state and another number, but the same structure.
    auto other = page("Open", "s-2");
    other.replace(other.find("true"), 4, "false");
    CHECK(member(send(page_request(other, key)), "status") == "known");
    CHECK(reader.of_key(key.tenant, 3, std::chrono::seconds(3)).size() == 2);
    CHECK(member(send(page_request(page("Open"), edge.known_key("--scopes events,schema"))),
                 "fingerprint") != member(first, "fingerprint"));  // another tenant's
}

TEST_CASE(
    "HEAD says whether a structure is known: from memory, from Postgres, to its tenant only") {
    auto& edge = shared_edge();
    const auto& key = page_key();
    const std::string somebodys(64, 'a');
    CHECK(look("?fp=" + somebodys).status == 404);
    const auto got = send(page_request(page("New " + fresh_id())));
    REQUIRE(got.status == 202);
    const auto fingerprint = member(got, "fingerprint");
    const auto known = look("?fp=" + fingerprint);
    CHECK(known.status == 204);
    CHECK(known.headers.at("ratelimit-policy") == "\"read\";q=6000;w=60");
    const auto stranger = edge.known_key("--scopes events,schema");
    CHECK(look("?fp=" + fingerprint, stranger).status == 404);

    auto admin = edge.database().admin();
    must(admin, fmt::format("insert into nd.page_versions values ('{}', decode('{}', 'hex'), '/', "
                            "'[]', now(), now())",
                            key.tenant, somebodys));
    CHECK(look("?fp=" + somebodys).status == 204);
    CHECK(look("?fp=" + std::string(64, 'A')).status == 204);
    CHECK(look("?fp=" + somebodys, stranger).status == 404);

    for (const auto* query : {"", "?fp=", "?fp=abc", "?fp=1&x=2", "?x=1"})
        CHECK_MESSAGE(look(query).status == 400, query);
    CHECK(look("?fp=" + fingerprint + "&fp=" + fingerprint).status == 400);
}

TEST_CASE("a page needs a key with the scope `schema`, and events one with `events`") {
    auto& edge = shared_edge();
    const auto events_only = edge.make_key("--scopes events");
    const auto pages_only = edge.make_key("--scopes schema");
    REQUIRE(eventually(std::chrono::seconds(10), [&] {
        return member(edge.ask(page_request(page("x"), events_only)), "code") == "scope_missing" &&
               edge.ask(page_request(page("x"), pages_only)).status == 202;
    }));
    check_problem(edge.ask(page_request(page("x"), events_only)), 403, "scope_missing");
    check_problem(edge.ask(good_request(pages_only.key)), 403, "scope_missing");
    CHECK(look("?fp=" + std::string(64, '0'), events_only).status == 403);
    auto nobody = page_request(page("x"));
    nobody.key.clear();
    check_problem(edge.ask(nobody), 401, "missing_key");
}

TEST_CASE("pages have a limit of their own, 10 a minute when nothing else is said") {
    auto& edge = shared_edge();
    const auto key = edge.known_key("--scopes events,schema");
    http_answer said;
    int taken = 0;
    do {
        said = edge.ask(page_request(page("Tab"), key));
        taken += said.status == 202 ? 1 : 0;
    } while (said.status == 202 && taken < 20);
    CHECK(taken == 10);
    check_problem(said, 429, "rate_limited");
    CHECK(said.headers.at("ratelimit-policy") == "\"schema\";q=10;w=60");
    CHECK(std::stoi(said.headers.at("retry-after")) >= 1);
    CHECK(edge.ask(good_request(key.key)).status == 202);
    CHECK(look("?fp=" + std::string(64, '0'), key).status == 404);
}

TEST_CASE("what is no page gets an answer that says what to change") {
    const struct {
        std::string body;
        int status;
        const char* code;
    } table[] = {
        {"", 400, "not_json"},
        {"{", 400, "not_json"},
        {"[]", 422, "wrong_page"},
        {R"({"page":"/","elements":[]})", 422, "empty_page"},
        {R"({"page":"/","elements":[{"ref":1},{"ref":1}]})", 422, "duplicate_ref"},
        {R"({"page":"/","elements":[{"ref":1,"parent":9}]})", 422, "orphan_element"},
        {R"({"page":"/","elements":[{"ref":1,"parent":1}]})", 422, "parent_cycle"},
    };
    for (const auto& row : table)
        check_problem(send(page_request(row.body)), row.status, row.code);

    std::string many = R"({"page":"/","elements":[{"ref":1})";
    for (int i = 2; i <= 5001; ++i)
        many += fmt::format(R"(,{{"ref":{}}})", i);
    check_problem(send(page_request(many + "]}")), 413, "too_many_elements");
    const auto large = page(std::string(100'000, 'x'));
    CHECK(send(page_request(large)).status == 202);
    check_problem(send(page_request(page(std::string(1 << 20, 'x')))), 413, "body_too_large");
    auto packed = page_request(gzip(page(std::string(1 << 20, 'x'))));
    packed.headers += "Content-Encoding: gzip\r\n";
    check_problem(send(packed), 413, "body_too_large");
    packed.body = gzip(page("Save"));
    CHECK(send(packed).status == 202);
    auto plain = page_request(page("Save"));
    plain.headers = "Content-Type: text/plain\r\n";
    check_problem(send(plain), 415, "unsupported_media_type");
}

TEST_CASE("GET says what there is not, and what is no page") {
    const auto with = [&](const std::string& query, const new_key& key = page_key()) {
        auto what = page_request("");
        what.line = "GET /v1/schema" + query + " HTTP/1.1";
        what.length = false;
        what.key = key.key;
        return send(what);
    };
    check_problem(with("?page=/not/there"), 404, "not_found");
    CHECK(with("?page=/not/there").headers.at("ratelimit-policy") == "\"read\";q=6000;w=60");
    for (const auto* query : {"?page=", "?page=%zz", "?page=%00", "?pages=/a", "?fp=00"}) {
        CAPTURE(query);
        check_problem(with(query), 400, "bad_request");
    }
    const auto list = with("");
    CHECK(list.status == 200);
    CHECK(list.headers.at("cache-control") == "private, no-cache");
    CHECK(list.headers.at("etag").size() == 34);
    check_problem(with("", shared_edge().known_key("--scopes events")), 403, "scope_missing");
}

TEST_CASE("the address takes GET, POST, HEAD and OPTIONS") {
    const auto with = [&](const std::string& method, const std::string& query = "") {
        auto what = page_request(page("Save"));
        what.line = method + " /v1/schema" + query + " HTTP/1.1";
        return send(what);
    };
    for (const auto* method : {"PUT", "DELETE", "PATCH"}) {
        const auto said = with(method);
        check_problem(said, 405, "method_not_allowed");
        CHECK(said.headers.at("allow") == "GET, POST, HEAD, OPTIONS");
    }
    check_problem(with("POST", "?fp=" + std::string(64, '0')), 400, "bad_request");
    const auto preflight = with("OPTIONS");
    CHECK(preflight.status == 204);
    CHECK(preflight.headers.at("access-control-allow-methods") == "GET, POST, HEAD, OPTIONS");
}

TEST_CASE("without Postgres for reading, HEAD is 503 and gives its place back; pages go on") {
    edge_process edge(variables{{"ND_READER_DATABASE_URL", ""}});
    const auto key = edge.make_key("--scopes schema");
    http_answer said;
    REQUIRE(eventually(std::chrono::seconds(10), [&] {
        said = look("?fp=" + std::string(64, '0'), key, edge);
        return said.status == 503;
    }));
    CHECK(std::stoi(said.headers.at("retry-after")) >= 1);
    CHECK(said.headers.at("ratelimit").starts_with("\"read\";r=600;"));
    const auto got = edge.ask(page_request(page("Save"), key));
    REQUIRE(got.status == 202);
    CHECK(look("?fp=" + member(got, "fingerprint"), key, edge).status == 204);
}

TEST_CASE("a tenant's pages are in one partition, which keeps their order") {
    topic_reader reader(required("ND_TEST_KAFKA"), schema::pages_topic);
    for (char i = 'a'; i < 'u'; ++i)
        REQUIRE(member(send(page_request(page(std::string("Tab ") + i))), "status") == "queued");
    const auto records = reader.of_key(page_key().tenant, 20);
    REQUIRE(records.size() == 20);
    for (const auto& one : records)
        CHECK(one.partition == records[0].partition);
}
