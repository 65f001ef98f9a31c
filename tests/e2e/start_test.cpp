// The start of a system: what .run/env tells scripts and people, and what the programs refuse.
#include "tests/e2e/kafka_admin.hpp"
#include "tests/e2e/system.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

// A second one beside what runs, which must end by itself.
stack::outcome run_one(const std::string& settings, const std::string& program) {
    return the_system().run(
        "export ND_LISTEN=127.0.0.1:0 ND_ADMIN_LISTEN=127.0.0.1:0 "
        "ND_WRITER_ADMIN_LISTEN=127.0.0.1:0 " +
        settings + "; timeout 60 " + program);
}

void check_refused(const stack::outcome& done, const std::vector<std::string>& words) {
    CAPTURE(done.output);
    CHECK(done.status == 1);
    CHECK(done.output.find("cannot go on") != std::string::npos);
    for (const auto& one : words)
        CHECK_MESSAGE(done.output.find(one) != std::string::npos, one);
}

}  // namespace

TEST_CASE("after sourcing .run/env every name that scripts rely on has a value") {
    const auto& system = the_system();
    for (const std::string name :
         {"ND_URL", "ND_ADMIN_URL", "ND_WRITER_ADMIN_URL", "ND_ENRICHER_ADMIN_URL", "ND_KEY",
          "ND_TENANT", "ND_KEY_B", "ND_TENANT_B", "ND_KAFKA", "ND_KEY_PEPPER_FILE",
          "ND_ADMIN_DATABASE_URL", "ND_MIGRATE_DATABASE_URL", "ND_OPERATOR_DATABASE_URL",
          "ND_INGEST_DATABASE_URL", "ND_READER_DATABASE_URL", "ND_WRITER_DATABASE_URL",
          "ND_ENRICHER_DATABASE_URL", "ND_BACKUP_DATABASE_URL"}) {
        CAPTURE(name);
        // In a clean environment, so that nothing but the file can be what gives it, exported.
        const auto shown = system.run("env -i /bin/bash -c \". '" + system.run_dir() +
                                      "/env'; printenv " + name + "\"");
        CHECK(shown.status == 0);
        CHECK(shown.output.size() > 1);
        if (name.ends_with("_URL") && name.find("DATABASE") == std::string::npos)
            CHECK(shown.output.starts_with("http://127.0.0.1:"));
    }
    CHECK(system["ND_ENRICHER_ADMIN_URL"] != system["ND_WRITER_ADMIN_URL"]);
    CHECK(system["ND_TENANT"] != system["ND_TENANT_B"]);
}

TEST_CASE("both programs refuse a role that could get around row-level security") {
    check_refused(run_one("ND_WRITER_DATABASE_URL=$ND_ADMIN_DATABASE_URL", "nd-writer"),
                  {"unsafe", "superuser"});
    check_refused(run_one("ND_WRITER_DATABASE_URL=$ND_MIGRATE_DATABASE_URL", "nd-writer"),
                  {"unsafe", "nd_migrate", "nd_owner"});
    const auto edge = run_one("ND_INGEST_DATABASE_URL=$ND_ADMIN_DATABASE_URL", "nd-ingest");
    CAPTURE(edge.output);
    CHECK(edge.status == 1);
    CHECK(edge.output.find("nd-ingest has to end") != std::string::npos);
    CHECK(edge.output.find("superuser") != std::string::npos);
}

TEST_CASE("nd-writer refuses topics with too few replicas unless a single broker is accepted") {
    check_refused(run_one("ND_SINGLE_BROKER=0", "nd-writer"),
                  {"nd.events.v1", "replicas", "--single-broker"});
}

TEST_CASE("nd-writer refuses to start without nd.dead.v1 and says how to make it") {
    auto& system = the_system();
    system.stop("nd-writer");
    delete_topic(system, "nd.dead.v1");
    check_refused(run_one("", "nd-writer"), {"nd.dead.v1 is missing", "ndctl topics"});
    const auto made = system.ndctl("topics");
    CHECK_MESSAGE(made.status == 0, made.output);
    system.start("nd-writer");
}
