// Holds nd-ingest to schema/openapi.yaml: schemathesis makes requests from the document that the
// running program serves, right ones and wrong ones, and compares every answer with it.
#include "tests/ingest/edge_process.hpp"

#include <doctest/doctest.h>

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>

using namespace nd::tests;

namespace {

// The exit status of a run over the operations that `filter` takes, each with up to 300 examples
// and those of the coverage phase (an operation without inputs has fewer that differ).
int schemathesis(const std::string& document, std::uint16_t port, const std::string& more) {
    const auto command = "SCHEMATHESIS_HOOKS=" ND_API_TESTS "/hooks.py " +
                         required("ND_TEST_SCHEMATHESIS") +
                         " --config-file " ND_API_TESTS "/schemathesis.toml run '" + document +
                         "' --no-color --url http://127.0.0.1:" + std::to_string(port) + " " + more;
    const auto status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

}  // namespace

TEST_CASE("every answer is one that openapi.yaml describes") {
    scratch_folder folder;
    const auto document = folder.file("openapi.yaml");
    auto& edge = shared_edge();
    const auto served = edge.admin("/openapi.yaml");
    REQUIRE(served.status == 200);
    std::ofstream(document) << served.body;
    SUBCASE("POST /v1/events and its preflight, with every right") {
        CHECK(schemathesis(document, edge.port(),
                           "--include-tag events -H 'X-ND-Key: " + shared_key().key + "'") == 0);
    }
    SUBCASE("the admin port") {
        CHECK(schemathesis(document, edge.admin_port(), "--include-tag admin") == 0);
    }
}
