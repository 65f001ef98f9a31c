// The keeper against a real Postgres, as nd_ingest, with the migrations' own rights and policies.
#include "tests/ingest/key_registry.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::schema::limit_class;
using steady = std::chrono::steady_clock;

TEST_CASE("what a key allows comes from its row, its tenant and its tenant's limits") {
    registry rows;
    rows.add_tenant(1);
    rows.add_tenant(2);
    rows.add_key(1, 1);
    rows.add_key(2, 2, ", origins, browser_only, expires_at",
                 ", '{https://a.com,\"https://*.b.com\"}', true, '2099-01-01 00:00:00.000001Z'");
    must(rows.admin,
         "insert into nd.tenant_limits values ('" + registry::id(2) + "', 'events', 6000)");
    edge e(listening(rows.database));
    REQUIRE(e.ready());
    const auto plain = e.desk.ask(sample_key(1));
    REQUIRE(plain.has_value());
    CHECK(plain->tenant == sample_tenant(1));
    CHECK(plain->environment == nd::schema::environment::live);
    CHECK(plain->allows(nd::schema::scope::events));
    CHECK(plain->allows(nd::schema::scope::schema));
    CHECK_FALSE(plain->allows(nd::schema::scope::chat));
    CHECK(plain->limit(limit_class::events) == 60);
    CHECK(plain->limit(limit_class::read) == 600);
    CHECK(plain->origins == nullptr);
    CHECK(plain->expires_at == nd::ingest::key_record::never);
    const auto rich = e.desk.ask(sample_key(2));
    REQUIRE(rich.has_value());
    CHECK(rich->limit(limit_class::events) == 6000);
    CHECK(rich->limit(limit_class::schema) == 10);
    CHECK(rich->browser_only);
    REQUIRE(rich->origins);
    CHECK(*rich->origins == std::vector<std::string>{"https://a.com", "https://*.b.com"});
    CHECK(rich->expires_at.time_since_epoch().count() == 4070908800000001);
}

TEST_CASE("where LISTEN reaches, every change is there within a second") {
    registry rows;
    for (std::uint32_t tenant = 1; tenant <= 3; ++tenant) {
        rows.add_tenant(tenant);
        rows.add_key(tenant, tenant);
    }
    edge e(listening(rows.database));
    REQUIRE(e.ready());
    for (std::uint32_t key = 1; key <= 3; ++key)
        REQUIRE(e.verdict(key) == "ok");
    rows.set_key(1, "revoked_at = now()");
    CHECK(e.comes_to(1, "key_revoked", 1s));
    rows.set_tenant(2, "suspended_at = now()");
    CHECK(e.comes_to(2, "tenant_suspended", 1s));
    rows.set_tenant(2, "suspended_at = null");
    CHECK(e.comes_to(2, "ok", 1s));
    must(rows.admin,
         "insert into nd.tenant_limits values ('" + registry::id(3) + "', 'events', 7)");
    CHECK(within(1s, [&] { return e.desk.ask(sample_key(3))->limit(limit_class::events) == 7; }));
    must(rows.admin, "delete from nd.tenant_limits");
    CHECK(within(1s, [&] { return e.desk.ask(sample_key(3))->limit(limit_class::events) == 60; }));
    rows.set_key(3, "expires_at = now() + interval '100 ms'");
    CHECK(e.comes_to(3, "key_expired", 1s));
    // Remembered as absent for ten seconds, but the news of the key is stronger.
    CHECK(e.verdict(50) == "unknown_key");
    rows.add_key(50, 2);
    CHECK(e.comes_to(50, "ok", 1s));
}

TEST_CASE("one statement for many tenants reaches every one of their keys") {
    registry rows;
    for (std::uint32_t tenant = 1; tenant <= 30; ++tenant) {
        rows.add_tenant(tenant);
        rows.add_key(tenant, tenant);
    }
    edge e(listening(rows.database));
    REQUIRE(e.ready());
    must(rows.admin, "update nd.tenants set suspended_at = now()");
    for (std::uint32_t key = 1; key <= 30; ++key)
        CHECK(e.comes_to(key, "tenant_suspended", 1s));
}

TEST_CASE("without LISTEN the poll finds a revocation") {
    registry rows;
    rows.add_tenant(1);
    rows.add_key(1, 1);
    edge e(deaf(rows.database, 200ms));
    REQUIRE(within(10s, [&] { return e.keeper.now().loaded; }));
    CHECK_FALSE(e.keeper.now().listening);
    REQUIRE(e.verdict(1) == "ok");
    rows.set_key(1, "revoked_at = now()");
    CHECK(e.comes_to(1, "key_revoked", 2s));
}

TEST_CASE(
    "a key outside the snapshot is looked up; a revoked and an expired one are told apart from an "
    "unknown one") {
    registry rows;
    rows.add_tenant(1);
    rows.add_key(2, 1, ", revoked_at", ", now()");
    rows.add_key(3, 1, ", expires_at", ", now() - interval '1 s'");
    edge e(deaf(rows.database, 1h));
    REQUIRE(within(10s, [&] { return e.keeper.now().loaded; }));
    CHECK(e.keeper.now().keys == 0);
    rows.add_key(1, 1);
    CHECK(e.verdict(1) == "ok");
    CHECK(e.verdict(2) == "key_revoked");
    CHECK(e.verdict(3) == "key_expired");
    CHECK(e.verdict(4) == "unknown_key");
}

TEST_CASE("the way through PgBouncer in transaction mode works, with LISTEN beside it") {
    registry rows;
    rows.add_tenant(1);
    rows.add_key(1, 1);
    auto config = listening(rows.database);
    config.listen_url = config.database_url;
    config.database_url = rows.database.pooled_url("nd_ingest");
    edge e(config);
    REQUIRE(e.ready());
    CHECK(e.verdict(1) == "ok");
    CHECK(e.verdict(2) == "unknown_key");
    rows.set_key(1, "revoked_at = now()");
    CHECK(e.comes_to(1, "key_revoked", 1s));
}

TEST_CASE(
    "while Postgres is away cached keys live until the stale bound; then nothing does until it is "
    "back") {
    registry rows;
    rows.add_tenant(1);
    rows.add_key(1, 1);
    rows.add_key(2, 1);
    auto config = listening(rows.database);
    config.poll_every = 100ms;
    edge e(config, 3s);
    REQUIRE(e.ready());
    rows.close();
    REQUIRE(within(2s, [&] { return !e.keeper.now().postgres_reachable; }));
    CHECK(e.keeper.now().loaded);
    CHECK(e.verdict(1) == "ok");
    CHECK(e.verdict(9) == "keys_unavailable");
    CHECK(e.comes_to(1, "keys_unavailable", 4s));
    rows.set_key(2, "revoked_at = now()");
    CHECK(e.verdict(2) == "keys_unavailable");
    rows.open();
    CHECK(e.comes_to(1, "ok", 12s));
    CHECK(e.verdict(2) == "key_revoked");
    CHECK(e.verdict(9) == "unknown_key");
    // The listener is back too, and what it hears counts again.
    REQUIRE(within(12s, [&] { return e.keeper.now().listening; }));
    rows.set_key(1, "revoked_at = now()");
    CHECK(e.comes_to(1, "key_revoked", 1s));
}

TEST_CASE(
    "a Postgres that hangs costs a look-up two seconds and a stop a few, and known keys go on") {
    registry rows;
    rows.add_tenant(1);
    rows.add_key(1, 1);
    edge e(listening(rows.database));
    REQUIRE(e.ready());
    must(rows.admin, "begin; lock table nd.api_keys in access exclusive mode");
    const auto asked = steady::now();
    CHECK(e.verdict(9) == "keys_unavailable");
    CHECK(steady::now() - asked < 3s);
    CHECK(e.verdict(1) == "ok");
    const auto stopped = steady::now();
    e.keeper.stop();
    CHECK(steady::now() - stopped < 7s);
    must(rows.admin, "rollback");
}
