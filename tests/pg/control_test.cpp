// Keys, limits and the version that tells the edge to read them again; LISTEN and NOTIFY.
#include "sql/queries/all_limits.hpp"
#include "sql/queries/control_version.hpp"
#include "sql/queries/keys_page.hpp"
#include "sql/queries/resolve_key.hpp"
#include "sql/queries/tenant_keys.hpp"
#include "sql/queries/tenant_limits.hpp"
#include "sql/queries/touch_keys.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace pg = nd::base::pg;

namespace {

struct control {
    test_database database;
    pg::connection operating = database.as("nd_operator");
    pg::connection edge = database.as("nd_ingest");
    pg::connection admin = database.admin();
    const std::string a = "'" + to_text(tenant_a) + "'";

    control() {
        must(operating, "insert into nd.tenants (tenant_id, name) values (" + a + ", 'a')");
        in_a(
            "insert into nd.api_keys (tenant_id, key_hash, environment, scopes, origins, prefix, "
            "last4, expires_at) values (" +
            a +
            ", decode(repeat('aa', 32), 'hex'), 'test', '{events,schema}', "
            "'{https://a.example,\"https://b.example\"}', 'nd_test_', "
            "'wxyz', '2090-01-01 00:00:00.000001+00')");
    }
    void in_a(const std::string& script) {
        must(operating,
             "begin; select set_config('app.tenant_id', " + a + ", true); " + script + "; commit");
    }
    std::int64_t version() { return (*edge.exec(nd::sql::control_version))[0].integer("version"); }
};

std::vector<std::string> heard(pg::connection& on) {
    std::vector<std::string> payloads;
    for (;;) {
        auto one = on.wait_notification(payloads.empty() ? 2000ms : 50ms);
        REQUIRE(one.has_value());
        if (!one->has_value()) {
            return payloads;
        }
        CHECK((*one)->channel == "nd_control");
        payloads.push_back((*one)->payload);
    }
}

}  // namespace

TEST_CASE("a key is resolved by its hash with all that the edge needs to judge it") {
    control c;
    const std::vector<std::uint8_t> hash(32, 0xaa);
    const auto said = c.edge.exec(nd::sql::resolve_key, std::span<const std::uint8_t>(hash));
    REQUIRE_MESSAGE(said.has_value(), said.error().detail);
    REQUIRE(said->size() == 1);
    const pg::row key = (*said)[0];
    CHECK(key.text("tenant_id") == to_text(tenant_a));
    CHECK(key.bytea("key_hash") == hash);
    CHECK(key.text("environment") == "test");
    CHECK(key.texts("scopes") == std::vector<std::string>{"events", "schema"});
    CHECK(key.texts("origins") ==
          std::vector<std::string>{"https://a.example", "https://b.example"});
    CHECK_FALSE(key.boolean("browser_only"));
    CHECK(key.optional_integer("expires_us") == 3786912000000001);
    CHECK_FALSE(key.boolean("revoked"));
    CHECK_FALSE(key.boolean("tenant_suspended"));
    const std::vector<std::uint8_t> other(32, 0xab);
    CHECK(c.edge.exec(nd::sql::resolve_key, std::span<const std::uint8_t>(other))->empty());
    CHECK(c.edge.exec(nd::sql::keys_page, std::int64_t{0}, 10)->size() == 1);
    CHECK(c.edge.exec(nd::sql::tenant_keys, to_text(tenant_a))->size() == 1);
    CHECK(c.edge.exec(nd::sql::tenant_keys, to_text(tenant_b))->empty());
}

TEST_CASE("a revoked or expired key leaves the snapshot but is still known by its hash") {
    control c;
    const std::vector<std::uint8_t> hash(32, 0xaa);
    for (const char* end : {"update nd.api_keys set expires_at = now() - interval '1 s'",
                            "update nd.api_keys set expires_at = null, revoked_at = now()"}) {
        c.in_a(end);
        CHECK(c.edge.exec(nd::sql::keys_page, std::int64_t{0}, 10)->empty());
        CHECK(c.edge.exec(nd::sql::tenant_keys, to_text(tenant_a))->empty());
        CHECK(c.edge.exec(nd::sql::resolve_key, std::span<const std::uint8_t>(hash))->size() == 1);
    }
    CHECK((*c.edge.exec(nd::sql::resolve_key, std::span<const std::uint8_t>(hash)))[0].boolean(
        "revoked"));
}

TEST_CASE(
    "every change of a tenant, key or limit moves the version and names the tenant to the "
    "listeners") {
    control c;
    REQUIRE(c.edge.listen("nd_control").has_value());
    for (const std::string& change : std::vector<std::string>{
             "update nd.api_keys set revoked_at = now()",
             "update nd.api_keys set origins = '{https://c.example}'",
             "update nd.tenants set suspended_at = now() where tenant_id = " + c.a,
             "insert into nd.tenant_limits values (" + c.a + ", 'chat', 99)",
             "update nd.tenant_limits set per_minute = 98", "delete from nd.tenant_limits"}) {
        CAPTURE(change);
        const std::int64_t before = c.version();
        c.in_a(change);
        CHECK(c.version() == before + 1);
        CHECK(heard(c.edge) == std::vector<std::string>{to_text(tenant_a)});
    }
    c.in_a("insert into nd.tenant_limits values (" + c.a + ", 'read', 601)");
    CHECK(c.edge.exec(nd::sql::all_limits)->size() == 1);
    CHECK((*c.edge.exec(nd::sql::tenant_limits, to_text(tenant_a)))[0].integer("per_minute") ==
          601);
}

TEST_CASE("many tenants at once are one notification, and a change that changes nothing is none") {
    control c;
    REQUIRE(c.edge.listen("nd_control").has_value());
    must(c.operating,
         "insert into nd.tenants (name) select 'many ' || i from generate_series(1, 100) i");
    CHECK(heard(c.edge) == std::vector<std::string>{"*"});
    const std::int64_t before = c.version();
    c.in_a("update nd.tenants set name = name");
    CHECK(c.version() == before);
}

TEST_CASE(
    "a key's last use is recorded at most once a minute, whatever the edge asks, and moves no "
    "version") {
    control c;
    pg::int8_array keys;
    keys.add(number(c.admin, "select key_id from nd.api_keys"));
    const std::int64_t before = c.version();
    CHECK(c.edge.exec(nd::sql::touch_keys, keys)->affected() == 1);
    CHECK(c.edge.exec(nd::sql::touch_keys, keys)->affected() == 0);
    CHECK(must(c.edge, "update nd.api_keys set last_used_at = now()").affected() == 0);
    must(c.admin, "update nd.api_keys set last_used_at = now() - interval '61 s'");
    CHECK(state_of(c.edge, "update nd.api_keys set last_used_at = now() + interval '1 s'") ==
          "42501");
    CHECK(state_of(c.edge, "update nd.api_keys set last_used_at = null") == "42501");
    auto pooled = c.database.pooled_as("nd_ingest");
    CHECK(pooled.exec(nd::sql::touch_keys, keys)->affected() == 1);
    CHECK(number(c.admin,
                 "select count(*) from nd.api_keys where last_used_at > now() - interval '10 s'") ==
          1);
    CHECK(c.version() == before);
}
