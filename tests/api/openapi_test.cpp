// Holds nd-ingest to schema/openapi.yaml: schemathesis makes requests from the document that the
// running program serves, right ones and wrong ones, and compares every answer with it.
#include "tests/ingest/edge_process.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

using namespace nd::tests;

namespace {

// One run over the operations that a filter takes, each with up to 300 examples and those of the
// coverage phase (an operation without inputs has fewer that differ).
struct api_run {
    int status = -1;
    boost::json::object calls;  // by operation

    [[nodiscard]] std::int64_t calls_of(const char* operation) const {
        const auto* count = calls.if_contains(operation);
        return count == nullptr ? 0 : count->to_number<std::int64_t>();
    }
};

// A receipt of the shared key's tenant.
std::string a_receipt() {
    auto& edge = shared_edge();
    edge.ndctl("limits set --class read --per-minute 6000 --tenant " + shared_key().tenant);
    auto asking = good_request(shared_key().key);
    asking.line = "POST /v1/events?receipt=1 HTTP/1.1";
    const auto said = edge.ask(asking);
    REQUIRE_MESSAGE(said.status == 202, said.body);
    return std::string(boost::json::parse(said.body).at("receipt").as_string());
}

api_run schemathesis(const std::string& document, std::uint16_t port, const std::string& more) {
    static const auto receipt = a_receipt();
    const scratch_folder folder;
    const auto counted = folder.file("calls");
    const auto command = "ND_API_RECEIPT='" + receipt + "' ND_API_CALLS='" + counted +
                         "' SCHEMATHESIS_HOOKS=" ND_API_TESTS "/hooks.py " +
                         required("ND_TEST_SCHEMATHESIS") +
                         " --config-file " ND_API_TESTS "/schemathesis.toml run '" + document +
                         "' --no-color --url http://127.0.0.1:" + std::to_string(port) + " " + more;
    const auto status = std::system(command.c_str());
    std::ifstream file(counted);
    std::ostringstream text;
    text << file.rdbuf();
    const auto calls = boost::json::parse(text.str()).as_object();
    MESSAGE(boost::json::serialize(calls));
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128, calls};
}

}  // namespace

TEST_CASE("every answer is one that openapi.yaml describes") {
    scratch_folder folder;
    const auto document = folder.file("openapi.yaml");
    auto& edge = shared_edge();
    const auto served = edge.admin("/openapi.yaml");
    REQUIRE(served.status == 200);
    std::ofstream(document) << served.body;
    // A run that found nothing to ask would find nothing wrong either: hence the counts.
    SUBCASE("POST /v1/events and its preflight, with every right") {
        const auto run = schemathesis(
            document, edge.port(), "--include-tag events -H 'X-ND-Key: " + shared_key().key + "'");
        CHECK(run.status == 0);
        CHECK(run.calls_of("POST /v1/events") >= 200);
        CHECK(run.calls_of("OPTIONS /v1/events") >= 200);
    }
    SUBCASE("GET /v1/receipts/{token} and its preflight") {
        const auto run =
            schemathesis(document, edge.port(),
                         "--include-tag receipts -H 'X-ND-Key: " + shared_key().key + "'");
        CHECK(run.status == 0);
        CHECK(run.calls_of("GET /v1/receipts/{token}") >= 50);
        CHECK(run.calls_of("OPTIONS /v1/receipts/{token}") >= 50);
    }
    SUBCASE("GET, POST and HEAD /v1/schema and their preflight") {
        const auto key = edge.known_key("--scopes events,schema");
        for (const auto* cls : {"schema", "read"})
            edge.ndctl(std::string("limits set --per-minute 6000 --class ") + cls + " --tenant " +
                       key.tenant);
        const auto run = schemathesis(document, edge.port(),
                                      "--include-tag schema -H 'X-ND-Key: " + key.key + "'");
        CHECK(run.status == 0);
        CHECK(run.calls_of("POST /v1/schema") >= 200);
        CHECK(run.calls_of("GET /v1/schema") >= 50);
        CHECK(run.calls_of("HEAD /v1/schema") >= 50);
        CHECK(run.calls_of("OPTIONS /v1/schema") >= 50);
    }
    SUBCASE("the admin port") {
        const auto run = schemathesis(document, edge.admin_port(), "--include-tag admin");
        CHECK(run.status == 0);
        for (const auto* path : {"/healthz", "/readyz", "/metrics", "/openapi.yaml"})
            CHECK_MESSAGE(run.calls_of((std::string("GET ") + path).c_str()) >= 2, path);
    }
}
