// What nd-ingest refuses to start with, and that it names every reason at once.
#include "tests/ingest/edge_process.hpp"
#include "tests/support/stack.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nd::tests;

TEST_CASE("it does not start in the clear on an open address, nor with half a certificate") {
    for (const auto& [more, words] : std::vector<std::pair<variables, std::string>>{
             {{{"ND_LISTEN", "0.0.0.0:0"}}, "--behind-proxy"},
             {{{"ND_TLS_CERT", "/nowhere.pem"}}, "belong together"},
             {{{"ND_LISTEN", "nonsense"}}, "listen"}}) {
        edge_process edge(more, false);
        CHECK(edge.wait_exit() == 2);
        CHECK(edge.log().find(words) != std::string::npos);
    }
    edge_process behind(variables{{"ND_LISTEN", "0.0.0.0:0"}, {"ND_BEHIND_PROXY", "1"}}, false);
    CHECK(eventually(std::chrono::seconds(20),
                     [&] { return behind.log().find("listening") != std::string::npos; }));
}

TEST_CASE("jemalloc serves it, and keeps a body of the usual size at hand") {
    edge_process edge(variables{}, false);
    CHECK(eventually(std::chrono::seconds(20), [&] {
        return edge.log().find("allocator=\"jemalloc 5") != std::string::npos;
    }));
    CHECK(edge.log().find("(tcache_max 131072)") != std::string::npos);
}

TEST_CASE("topics without replicas end it unless a single broker is accepted") {
    edge_process edge(variables{{"ND_SINGLE_BROKER", "0"}}, false);
    CHECK(edge.wait_exit() == 1);
    CHECK(edge.log().find("replicas") != std::string::npos);
    CHECK(edge.log().find("--single-broker") != std::string::npos);
}

TEST_CASE("a role for receipts that policies do not hold for ends it") {
    edge_process edge(variables{{"ND_READER_DATABASE_URL", required("ND_TEST_ADMIN_DATABASE_URL")}},
                      false);
    CHECK(edge.wait_exit() == 1);
    CHECK(edge.log().find("superuser") != std::string::npos);
}

TEST_CASE("every problem of the settings is told in one start, files and transport among them") {
    const std::vector<std::pair<variables, std::vector<std::string>>> table{
        {{{"ND_TLS_CERT", "/nowhere/cert.pem"},
          {"ND_LISTEN", "0.0.0.0:0"},
          {"ND_KEY_PEPPER_FILE", "/nowhere/pepper"},
          {"ND_KAFKA_CONFIG", "/nowhere/kafka"},
          {"ND_DRAIN", "0"},
          {"ND_RECEIPT_KEY_FILES", "/nowhere/receipt"},
          {"ND_READER_DATABASE_URL", "nonsense"},
          {"ND_INGEST_DATABASE_URL", "postgresql://u:hunter2@[h"}},
         {"--tls-cert (ND_TLS_CERT): cannot be read", "belong together", "--behind-proxy",
          "/nowhere/pepper", "/nowhere/receipt", "--reader-database-url",
          "--kafka-config (ND_KAFKA_CONFIG): cannot be read", "--drain (ND_DRAIN)",
          "--database-url (ND_INGEST_DATABASE_URL)"}},
        {{{"ND_TLS_CERT", "/nowhere/cert.pem"},
          {"ND_TLS_KEY", "/nowhere/key.pem"},
          {"ND_LISTEN", "nonsense"},
          {"ND_KEY_PEPPER_FILE", ""}},
         {"--tls-cert (ND_TLS_CERT): cannot be read", "--tls-key (ND_TLS_KEY): cannot be read",
          "--listen (ND_LISTEN)", "--key-pepper-file (ND_KEY_PEPPER_FILE): is required"}},
        {{{"ND_TLS_CERT", "/dev/null"}, {"ND_TLS_KEY", "/dev/null"}, {"ND_STALE_KEYS", "x"}},
         {"/dev/null: ", "--stale-keys (ND_STALE_KEYS)"}},
    };
    for (const auto& [more, problems] : table) {
        edge_process edge(more, false);
        CHECK(edge.wait_exit() == 2);
        const auto log = edge.log();
        CAPTURE(log);
        for (const auto& words : problems)
            CHECK_MESSAGE(log.find(words) != std::string::npos, words);
        CHECK(log.find("hunter2") == std::string::npos);
    }
}
