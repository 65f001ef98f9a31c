// Kafka away, Postgres away: what the edge promises in the meantime, and that everything catches
// up.
#include "tests/e2e/system.hpp"

#include "base/random.hpp"
#include "schema/api_key.hpp"

#include <doctest/doctest.h>
#include <boost/json/parse.hpp>

#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

bool says_postgres_reachable(const stack& system) {
    const auto answer = http_client(system["ND_ADMIN_URL"]).get("/readyz");
    return boost::json::parse(answer.body).at("postgres").at("reachable").as_bool();
}

}  // namespace

TEST_CASE(
    "Kafka stopped: 503 with Retry-After, not ready after 10 s; back again: 202, and no "
    "acknowledged event is lost") {
    auto& system = the_system();
    const auto tenant = make_tenants(system, 1).at(0);
    raise_limit(system, tenant);
    obligations oracle(system);
    http_client client(system["ND_URL"]);
    REQUIRE(oracle.send(client, tenant, 10).status == 202);
    system.stop("kafka");
    const auto refused = oracle.send(client, tenant, 10);
    CHECK(refused.status == 503);
    CHECK(refused.headers.contains("retry-after"));
    CHECK(refused.headers.at("content-type") == "application/problem+json");
    CHECK(eventually(20s, [&] { return status_of(system["ND_ADMIN_URL"], "/readyz") == 503; }));
    CHECK(status_of(system["ND_ADMIN_URL"], "/healthz") == 200);
    system.start("kafka");
    CHECK(eventually(30s, [&] { return status_of(system["ND_ADMIN_URL"], "/readyz") == 200; }));
    CHECK(eventually(30s, [&] { return oracle.send(client, tenant, 10).status == 202; }));
    REQUIRE(oracle.all_arrive(60s));
    const auto verdict = oracle.check(tenant.tenant);
    CHECK(verdict.duplicate == 0);
    CHECK(verdict.spurious == 0);
}

TEST_CASE(
    "Postgres stopped for two minutes: ready, known keys 202, unknown keys 503, and the writer "
    "catches up") {
    auto& system = the_system();
    const auto tenants = make_tenants(system, 2);
    obligations oracle(system);
    http_client client(system["ND_URL"]);
    for (const auto& tenant : tenants)
        REQUIRE(oracle.send(client, tenant, 1).status == 202);
    REQUIRE(oracle.all_arrive(30s));
    CHECK(says_postgres_reachable(system));
    system.stop("postgres");
    const auto since = std::chrono::steady_clock::now();
    // Well formed and never issued: without the database nobody can say that it is unknown.
    const tenant_key unknown{fresh_uuid(), nd::schema::make_api_key(nd::schema::environment::live,
                                                                    nd::base::fill_random)};
    std::size_t accepted = 0;
    while (std::chrono::steady_clock::now() - since < 120s) {
        for (const auto& tenant : tenants) {
            const auto answer = oracle.send(client, tenant, 5);
            REQUIRE_MESSAGE(answer.status == 202, answer.body);
            accepted += 5;
        }
        const auto ready = http_client(system["ND_ADMIN_URL"]).get("/readyz");
        REQUIRE(ready.status == 200);
        std::this_thread::sleep_for(4s);
    }
    CHECK_FALSE(says_postgres_reachable(system));
    const auto strange = oracle.send(client, unknown, 1);
    CHECK_MESSAGE(strange.status == 503, strange.body);
    system.start("postgres");
    CHECK(eventually(30s, [&] { return says_postgres_reachable(system); }));
    REQUIRE(oracle.all_arrive(60s));
    for (const auto& tenant : tenants) {
        const auto verdict = oracle.check(tenant.tenant);
        CHECK(verdict == obligations::verdict{1 + accepted / 2, 0, 0, 0});
    }
    CHECK(eventually(15s, [&] { return oracle.send(client, unknown, 1).status == 401; }));
}
