// Tenant isolation against whoever tries: each role, with one tenant, the other, none, on a
// connection that had one before, past the parent table, past the roles, with tables of its own.
// Directly and through PgBouncer in transaction mode.
#include "tests/pg/two_tenants.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

constexpr const char* every_role[]{"nd_migrate", "nd_ingest",   "nd_operator", "nd_reader",
                                   "nd_writer",  "nd_enricher", "nd_dashboard"};
constexpr const char* reading_roles[]{"nd_operator", "nd_reader", "nd_writer", "nd_dashboard"};

}  // namespace

TEST_CASE(
    "a role that may read events sees its tenant's rows, none of the other's, and none at all "
    "without a tenant") {
    two_tenants two;
    for (const char* role : reading_roles) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(number(on, "select count(*) from nd.events") == 0);
            CHECK(seen(on, two.a, "select tenant_id from nd.events") == 3);
            CHECK(seen(on, two.b, "select tenant_id from nd.events") == 2);
            CHECK(seen(on, two.a, "select from nd.events where tenant_id = " + two.b) == 0);
            CHECK(seen(on, two.a,
                       "select from nd.events where tenant_id = " + two.b + " or true") == 3);
            // The same connection, after it had a tenant: the context is '' now, and not NULL.
            for (int again = 0; again < 3; ++again) {
                CHECK(number(on, "select count(*) from nd.events") == 0);
            }
            CHECK(refused(on, "'not a uuid'", "select from nd.events") == "22P02");
            CHECK(number(on, "select count(*) from nd.events") == 0);
        }
    }
}

TEST_CASE("the other roles do not reach events at all") {
    two_tenants two;
    for (const char* role : {"nd_ingest", "nd_enricher", "nd_migrate"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(state_of(on, "select from nd.events") == denied);
            CHECK(refused(on, two.a, "select from nd.events") == denied);
        }
    }
}

TEST_CASE("nobody reaches a partition past its parent") {
    two_tenants two;
    for (const char* role : every_role) {
        for (pg::connection& on : two.database.both(role)) {
            for (const char* partition : {"nd.events_default", "nd.events_2026w45"}) {
                CAPTURE(role);
                const std::string name = partition;
                CHECK(refused(on, two.a, "select from " + name) == denied);
                CHECK(refused(on, two.a, "select from only " + name) == denied);
                CHECK(refused(on, two.a,
                              "insert into " + name + " select * from nd.events limit 1") ==
                      denied);
                CHECK(refused(on, two.a, "update " + name + " set name = 'x'") == denied);
                CHECK(refused(on, two.a, "delete from " + name) == denied);
                CHECK(refused(on, two.a, "truncate " + name) == denied);
                CHECK(refused(on, two.a, "copy " + name + " to stdout") == denied);
            }
        }
    }
}

TEST_CASE("the owner itself sees nothing without a tenant, and nothing in a partition with one") {
    two_tenants two;
    auto owner = two.database.as("nd_migrate");
    must(owner, "set role nd_owner");
    CHECK(number(owner, "select count(*) from nd.events") == 0);
    CHECK(seen(owner, two.a, "select from nd.events") == 3);
    CHECK(seen(owner, two.a, "select from nd.events_default") == 0);
    CHECK(seen(owner, two.a, "select from nd.events_2026w45") == 0);
    CHECK(number(owner, "select count(*) from nd.api_keys") == 0);
    CHECK(number(owner, "select count(*) from nd.tenant_limits") == 0);
}

TEST_CASE("the writer inserts rows of its transaction's tenant only, and changes none") {
    two_tenants two;
    const auto insert = [](const std::string& tenant) {
        return "insert into nd.events values (" + tenant +
               ", gen_random_uuid(), now(), now(), 'live', 'n', null, null, null, '{}')";
    };
    for (pg::connection& on : two.database.both("nd_writer")) {
        CHECK(state_of(on, insert(two.a)) == denied);
        CHECK(refused(on, two.a, insert(two.b)) == denied);
        CHECK(refused(on, two.a, insert(two.a)) == "");
        CHECK(refused(on, two.a, insert("null")) == denied);
        CHECK(refused(on, two.a, "update nd.events set name = 'x'") == denied);
        CHECK(refused(on, two.a, "delete from nd.events") == denied);
        CHECK(refused(on, two.a, "truncate nd.events") == denied);
        CHECK(refused(on, two.a, "copy nd.events from stdin") ==
              "0A000");  // not supported with row-level security
        CHECK(refused(on, two.a,
                      "insert into nd.events select tenant_id, event_id, occurred_at, received_at, "
                      "environment, name, "
                      "session_id, user_id, page, properties from nd.events on conflict "
                      "(tenant_id, occurred_at, event_id) "
                      "do update set tenant_id = " +
                          two.b) == denied);
        for (const char* table :
             {"nd.tenants", "nd.api_keys", "nd.tenant_limits", "nd.control_version"}) {
            CHECK(refused(on, two.a, std::string("select from ") + table) == denied);
        }
    }
    for (const char* role :
         {"nd_reader", "nd_dashboard", "nd_operator", "nd_ingest", "nd_enricher"}) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            CHECK(refused(on, two.a, insert(two.a)) == denied);
        }
    }
    CHECK(number(two.admin, "select count(*) from nd.events") == 5);
}

TEST_CASE("a duplicate key of another tenant says nothing about whether it is there") {
    two_tenants two;
    auto writer = two.database.as("nd_writer");
    // The identity of a row of B, as A's: the key starts with the tenant, so it is another one.
    batch same;
    same.of(tenant_a, events_of(0, 1));
    same.rows[0].id = numbered_uuid(0xee, 0);
    same.of(tenant_b, events_of(0, 1));
    const auto said = same.store(writer);
    REQUIRE(said.has_value());
    CHECK(said->duplicates == 2);
    batch other;
    other.of(tenant_c, events_of(0, 1));
    CHECK(other.store(writer)->inserted == 1);
}

TEST_CASE(
    "no role makes itself another, switches row-level security off, or builds anything of its "
    "own") {
    two_tenants two;
    for (const char* role : every_role) {
        for (pg::connection& on : two.database.both(role)) {
            CAPTURE(role);
            for (const char* script :
                 {"set role nd_backup",
                  "set role postgres",
                  "set session authorization nd_owner",
                  "alter table nd.events disable row level security",
                  "alter table nd.events no force row level security",
                  "create policy mine on nd.events using (true)",
                  "drop policy tenant on nd.events",
                  "alter role current_user bypassrls",
                  "grant nd_owner to current_user",
                  "grant select on nd.events_default to public",
                  "create temp table events (a int)",
                  "create temp view v as select 1",
                  "create table public.events (a int)",
                  "create table nd.mine (a int)",
                  "create schema mine",
                  "create function public.f() returns int language sql as 'select 1'",
                  "create trigger t before insert on nd.events for each row execute function "
                  "nd.control_changed()",
                  "create rule r as on select to nd.events do instead nothing",
                  "alter table nd.events attach partition nd.events_default default",
                  "select nd.make_events_partition('2027-01-01')",
                  "set session_replication_role = replica",
                  "copy (select 1) to program 'true'",
                  "update nd.control_version set version = 0"}) {
                CAPTURE(script);
                const std::string state = refused(on, two.a, script);
                CHECK((state == denied || state == "42809" || state == "0LP01"));
            }
            if (std::string_view(role) != "nd_migrate") {
                CHECK(refused(on, two.a, "set role nd_owner") == denied);
            }
        }
    }
}

TEST_CASE("row_security = off is an error, not a way around") {
    two_tenants two;
    for (const char* role : reading_roles) {
        auto on = two.database.as(role);
        CHECK(refused(on, two.a, "set local row_security = off; select from nd.events") == denied);
    }
}

TEST_CASE("a temp table in the way swallows no rows, should somebody be allowed to make one") {
    two_tenants two;
    must(two.admin, "grant temp on database " + two.database.name() + " to nd_writer, nd_reader");
    auto writer = two.database.as("nd_writer");
    must(
        writer,
        "create temp table events (like nd.events); create temp table progress (like nd.progress)");
    batch whole;
    whole.of(tenant_a, events_of(50, 4));
    CHECK(whole.store(writer)->inserted == 4);
    CHECK(number(writer, "select count(*) from pg_temp.events") == 0);
    CHECK(number(two.admin, "select count(*) from nd.events") == 9);
}

TEST_CASE("a leaky condition of the reader's own is asked only about its tenant's rows") {
    two_tenants two;
    must(two.admin,
         "create function public.shout(text) returns boolean language plpgsql cost 0.0000001 as "
         "$$ begin perform 1 / (case when $1 = 'secret' then 0 else 1 end); return true; end $$; "
         "grant execute on function public.shout(text) to nd_reader; update nd.events set name = "
         "'secret' where tenant_id = " +
             two.b);
    auto reader = two.database.as("nd_reader");
    CHECK(seen(reader, two.a, "select from nd.events where public.shout(name)") == 3);
    CHECK(refused(reader, two.b, "select from nd.events where public.shout(name)") == "22012");
}
