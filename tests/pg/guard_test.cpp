// The check that programs refuse to start on: silent on what roles.sql and the migrations make, and
// loud about each way to spoil it.
#include "sql/isolation.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

constexpr const char* runtime_roles[]{"nd_ingest", "nd_operator", "nd_reader",
                                      "nd_writer", "nd_enricher", "nd_dashboard"};

bool finds(pg::connection& on, std::string_view code, std::string_view object) {
    const auto findings = nd::sql::check_isolation(on);
    REQUIRE(findings.has_value());
    for (const nd::sql::isolation_finding& one : *findings) {
        if (one.code == code && one.object == object) {
            return true;
        }
    }
    return false;
}

struct mutation {
    const char* spoil;
    const char* mend;
    const char* code;
    const char* object;
};

}  // namespace

TEST_CASE(
    "every runtime role may start on what the migrations made, directly and through PgBouncer") {
    const test_database database;
    auto admin = database.admin();
    must(admin, "set role nd_owner; select nd.make_events_partition('2026-11-04')");
    for (const char* role : runtime_roles) {
        CAPTURE(role);
        auto direct = database.as(role);
        const auto allowed = nd::sql::refuse_unsafe(direct);
        CHECK_MESSAGE(allowed.has_value(), allowed.error().detail);
        auto pooled = database.pooled_as(role);
        CHECK(nd::sql::refuse_unsafe(pooled).has_value());
    }
}

TEST_CASE("a superuser, the backup role and a member of the owner are refused") {
    const test_database database;
    auto admin = database.admin();
    CHECK(nd::sql::refuse_unsafe(admin).error().code == nd::base::errc::refused);
    auto backup = database.as("nd_backup");
    CHECK(finds(backup, "bypasses_rls", "nd_backup"));
    auto migrate = database.as("nd_migrate");
    CHECK(finds(migrate, "owner", "nd_owner"));
    must(admin, "set role nd_writer");
    CHECK(nd::sql::refuse_unsafe(admin).has_error());  // it could take the role off again
}

TEST_CASE("each way to spoil isolation is found, and only while it lasts") {
    const test_database database;
    auto admin = database.admin();
    auto writer = database.as("nd_writer");
    must(admin, "set role nd_owner; select nd.make_events_partition('2026-11-04'); reset role");
    const std::string database_object = "database " + database.name();
    const std::string temp_to_public = "grant temp on database " + database.name() + " to public";
    const std::string no_temp_to_public =
        "revoke temp on database " + database.name() + " from public";
    const std::string temp_to_writer =
        "grant temp on database " + database.name() + " to nd_writer";
    const std::string no_temp_to_writer =
        "revoke temp on database " + database.name() + " from nd_writer";
    const mutation table[]{
        {"drop policy tenant on nd.events",
         "create policy tenant on nd.events using (tenant_id = (select "
         "nullif(current_setting('app.tenant_id', true), '')::uuid)) "
         "with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), "
         "'')::uuid))",
         "no_tenant_policy", "nd.events"},
        {"alter policy tenant on nd.events with check (true)",
         "alter policy tenant on nd.events with check (tenant_id = (select "
         "nullif(current_setting('app.tenant_id', true), '')::uuid))",
         "no_tenant_policy", "nd.events"},
        {"alter policy tenant on nd.events using (tenant_id is not null)",
         "alter policy tenant on nd.events using (tenant_id = (select "
         "nullif(current_setting('app.tenant_id', true), '')::uuid))",
         "unsafe_policy", "nd.events"},
        {"create policy everything on nd.events for select to nd_reader using (true)",
         "drop policy everything on nd.events", "unsafe_policy", "nd.events"},
        {"create policy everything on nd.api_keys for select to nd_writer using (true)",
         "drop policy everything on nd.api_keys", "unsafe_policy", "nd.api_keys"},
        {"alter table nd.events disable row level security",
         "alter table nd.events enable row level security", "rls_disabled", "nd.events"},
        {"alter table nd.api_keys no force row level security",
         "alter table nd.api_keys force row level security", "rls_not_forced", "nd.api_keys"},
        {"create table nd.later (tenant_id uuid)", "drop table nd.later", "rls_disabled",
         "nd.later"},
        {"create schema elsewhere; create table elsewhere.events (tenant_id uuid)",
         "drop schema elsewhere cascade", "no_tenant_policy", "elsewhere.events"},
        {"alter table nd.events_2026w45 disable row level security",
         "alter table nd.events_2026w45 enable row level security", "partition_rls",
         "nd.events_2026w45"},
        {"alter table nd.events_default no force row level security",
         "alter table nd.events_default force row level security", "partition_rls",
         "nd.events_default"},
        {"grant select on nd.events_2026w45 to nd_reader",
         "revoke select on nd.events_2026w45 from nd_reader", "partition_grant",
         "nd.events_2026w45"},
        {"grant select (name) on nd.events_default to nd_reader",
         "revoke select (name) on nd.events_default from nd_reader", "partition_grant",
         "nd.events_default"},
        {"create policy p on nd.events_default using (true)", "drop policy p on nd.events_default",
         "partition_policy", "nd.events_default"},
        {"grant truncate on nd.events to nd_writer", "revoke truncate on nd.events from nd_writer",
         "dangerous_right", "nd.events"},
        {"grant trigger on nd.tenants to nd_writer", "revoke trigger on nd.tenants from nd_writer",
         "dangerous_right", "nd.tenants"},
        {"grant references on nd.api_keys to nd_writer",
         "revoke references on nd.api_keys from nd_writer", "dangerous_right", "nd.api_keys"},
        {"grant select on nd.events to public", "revoke select on nd.events from public",
         "public_grant", "nd.events"},
        {"grant create on schema nd to public", "revoke create on schema nd from public",
         "public_may_create", "schema nd"},
        {"grant create on schema public to public", "revoke create on schema public from public",
         "public_may_create", "schema public"},
        {"grant create on schema nd to nd_writer", "revoke create on schema nd from nd_writer",
         "may_create", "schema nd"},
        {temp_to_public.c_str(), no_temp_to_public.c_str(), "public_may_create",
         database_object.c_str()},
        {temp_to_writer.c_str(), no_temp_to_writer.c_str(), "may_create", database_object.c_str()},
        {"create view public.peek as select * from nd.events", "drop view public.peek",
         "view_bypasses_rls", "public.peek"},
        {"create materialized view public.peek as select name from nd.events",
         "drop materialized view public.peek", "view_bypasses_rls", "public.peek"},
        {"create function public.peek() returns bigint language sql security definer as 'select "
         "count(*) from nd.events'; grant "
         "execute on function public.peek() to nd_writer",
         "drop function public.peek()", "function_bypasses_rls", "public.peek"},
    };
    for (const mutation& one : table) {
        CAPTURE(one.spoil);
        REQUIRE_FALSE(finds(writer, one.code, one.object));
        must(admin, one.spoil);
        CHECK(finds(writer, one.code, one.object));
        CHECK(nd::sql::refuse_unsafe(writer).has_error());
        must(admin, one.mend);
        const auto mended = nd::sql::refuse_unsafe(writer);
        CHECK_MESSAGE(mended.has_value(), mended.error().detail);
    }
}

// These change roles, which every database of the cluster shares, so they act on a role of their
// own.
TEST_CASE("attributes and memberships of the role are found, however it could come by them") {
    const test_database database;
    auto admin = database.admin();
    const std::string role = "nd_guard_" + database.name().substr(8);
    must(admin, "create role " + role + " login; create role " + role + "_between noinherit");
    must(admin, "grant connect on database " + database.name() + " to " + role);
    const auto as_role = [&](std::string_view code, std::string_view object) {
        must(admin, "set session authorization " + role);
        const bool found = finds(admin, code, object);
        must(admin, "reset session authorization");
        return found;
    };
    const auto both = [&](const std::string& spoil, const std::string& mend, std::string_view code,
                          const std::string& object) {
        CAPTURE(spoil);
        REQUIRE_FALSE(as_role(code, object));
        must(admin, spoil);
        CHECK(as_role(code, object));
        must(admin, mend);
        CHECK_FALSE(as_role(code, object));
    };
    both("alter role " + role + " bypassrls", "alter role " + role + " nobypassrls", "bypasses_rls",
         role);
    both("alter role " + role + " superuser", "alter role " + role + " nosuperuser", "superuser",
         role);
    both("alter role " + role + " createrole", "alter role " + role + " nocreaterole",
         "creates_roles", role);
    both("grant nd_owner to " + role, "revoke nd_owner from " + role, "owner", "nd_owner");
    both("grant nd_owner to " + role + "_between; grant " + role + "_between to " + role,
         "revoke nd_owner from " + role + "_between", "owner", "nd_owner");
    both("grant nd_backup to " + role, "revoke nd_backup from " + role, "bypasses_rls",
         "nd_backup");
    both("grant pg_write_server_files to " + role, "revoke pg_write_server_files from " + role,
         "server_access", "pg_write_server_files");
    must(admin, "drop owned by " + role + ", " + role + "_between; drop role " + role +
                    "; drop role " + role + "_between");
}
