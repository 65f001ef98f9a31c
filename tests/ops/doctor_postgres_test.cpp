// doctor's findings about Postgres: each case breaks exactly one thing, expects exactly that code,
// and mends it.
#include "ops/database_check.hpp"
#include "ops/role_check.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::tests;

namespace {

struct patient : ops_database {
    base::pg::connection admin = database.admin();
    patient() {
        // test_database applies the files by itself; ndctl's own record of them is made by ndctl.
        must(admin, "drop schema nd cascade; create schema nd authorization nd_owner");
        must_run({"migrate"});
        must_run({"partitions"});
    }
    std::string codes() const {
        auto checks = ops::check_postgres(settings);
        for (auto& one : ops::check_database(settings))
            checks.push_back(std::move(one));
        return codes_of(checks);
    }
    std::string some_partition() {
        return "nd." + std::string(must(admin,
                                        "select c.relname from pg_inherits i join pg_class c on "
                                        "c.oid = i.inhrelid where "
                                        "inhparent = 'nd.events'::regclass and c.relname <> "
                                        "'events_default' order by 1 desc limit 1")[0]
                                       .text("relname"));
    }
};

struct ailment {
    const char* code;
    std::string harm;
    std::string cure;
};

}  // namespace

TEST_CASE("a sound database has no finding, whichever URLs are configured") {
    patient db;
    CHECK(db.codes() == "");
    db.settings.migrate_url.clear();
    CHECK(db.codes() == "");
    ops::settings none;
    CHECK(codes_of(ops::check_postgres(none)) == "");
    CHECK(ops::check_postgres(none).front().skipped);
}

TEST_CASE(
    "each thing that undoes isolation is found by its own code, with something to do, and is gone "
    "when mended") {
    patient db;
    const auto piece = db.some_partition();
    const std::string good =
        "using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid)) "
        "with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), "
        "'')::uuid))";
    const ailment table[] = {
        {"rls_disabled", "alter table nd.events disable row level security",
         "alter table nd.events enable row level security"},
        {"rls_not_forced", "alter table nd.api_keys no force row level security",
         "alter table nd.api_keys force row level security"},
        {"no_tenant_policy", "drop policy tenant on nd.events",
         "create policy tenant on nd.events " + good},
        {"unsafe_policy", "create policy leak on nd.events for select using (true)",
         "drop policy leak on nd.events"},
        {"dangerous_right", "grant truncate on nd.events to nd_writer",
         "revoke truncate on nd.events from nd_writer"},
        {"auditor", "grant select (properties) on nd.events to nd_auditor",
         "revoke select (properties) on nd.events from nd_auditor"},
        {"auditor", "grant delete on nd.events to nd_auditor",
         "revoke delete on nd.events from nd_auditor"},
        {"public_grant", "grant select on nd.events to public",
         "revoke select on nd.events from public"},
        {"partition_rls", "alter table " + piece + " disable row level security",
         "alter table " + piece + " enable row level security"},
        {"partition_policy", "create policy own on " + piece + " using (false)",
         "drop policy own on " + piece},
        {"partition_grant", "grant select on " + piece + " to nd_reader",
         "revoke select on " + piece + " from nd_reader"},
        {"public_may_create", "grant create on schema public to public",
         "revoke create on schema public from public"},
        {"may_create", "grant create on schema nd to nd_writer",
         "revoke create on schema nd from nd_writer"},
        {"view_bypasses_rls", "create view public.peek as select * from nd.events",
         "drop view public.peek"},
        {"function_bypasses_rls",
         "create function public.peek() returns bigint language sql security definer as 'select "
         "count(*) from nd.events'",
         "drop function public.peek()"},
    };
    for (const auto& one : table) {
        CAPTURE(one.code);
        must(db.admin, one.harm);
        const auto checks = ops::check_postgres(db.settings);
        CHECK(codes_of(checks) == one.code);
        for (const auto& area : checks) {
            for (const auto& finding : area.found)
                CHECK(finding.fix.find("sql/roles.sql and sql/migrations") == std::string::npos);
        }
        must(db.admin, one.cure);
        CHECK(codes_of(ops::check_postgres(db.settings)) == "");
    }
}

TEST_CASE("each role that is stronger or weaker than sql/roles.sql says is found") {
    patient db;
    const std::pair<ailment, const char*> table[] = {
        {{"", "alter role nd_dashboard superuser", "alter role nd_dashboard nosuperuser"},
         "role_too_strong"},
        {{"", "alter role nd_writer superuser", "alter role nd_writer nosuperuser"},
         "role_too_strong superuser"},
        {{"", "alter role nd_reader bypassrls", "alter role nd_reader nobypassrls"},
         "bypasses_rls role_too_strong"},
        {{"", "alter role nd_ingest createrole", "alter role nd_ingest nocreaterole"},
         "creates_roles role_too_strong"},
        {{"", "alter role nd_owner login", "alter role nd_owner nologin"}, "role_too_strong"},
        {{"", "alter role nd_dashboard nologin", "alter role nd_dashboard login"}, "role_too_weak"},
        {{"", "alter role nd_backup nobypassrls", "alter role nd_backup bypassrls"},
         "role_too_weak"},
        {{"", "grant nd_owner to nd_dashboard", "revoke nd_owner from nd_dashboard"},
         "owner_member"},
        {{"", "grant nd_owner to nd_enricher", "revoke nd_owner from nd_enricher"},
         "dangerous_right may_create owner owner_member"},
        {{"", "grant nd_auditor to nd_reader", "revoke nd_auditor from nd_reader"}, "auditor"},
        {{"", "grant pg_read_server_files to nd_reader",
          "revoke pg_read_server_files from nd_reader"},
         "server_access"},
        {{"", "alter role nd_writer reset plan_cache_mode",
          "alter role nd_writer set plan_cache_mode = force_generic_plan"},
         "writer_replans"},
    };
    for (const auto& [one, expected] : table) {
        CAPTURE(one.harm);
        must(db.admin, one.harm);
        CHECK(codes_of(ops::check_postgres(db.settings)) == expected);
        must(db.admin, one.cure);
    }
    must(db.admin, "revoke nd_owner from nd_migrate");
    CHECK(codes_of(ops::check_postgres(db.settings)) == "migrate_no_member");
    must(db.admin, "grant nd_owner to nd_migrate");
    // Renamed, a role is missing; whoever owned or was granted something keeps it, so it can be
    // renamed back.
    must(db.admin, "alter role nd_dashboard rename to nd_dashboard_away");
    CHECK(codes_of(ops::check_postgres(db.settings)) == "role_missing");
    must(db.admin, "alter role nd_dashboard_away rename to nd_dashboard");
    CHECK(db.codes() == "");
}

TEST_CASE("a URL that does not let us in, or lets us in as somebody else, is found") {
    patient db;
    const auto right = db.settings.reader_url;
    db.settings.reader_url = db.database.url("nd_dashboard");
    CHECK(db.codes() == "wrong_role");
    db.settings.reader_url = right + " password='wrong'";
    CHECK(db.codes() == "postgres_unreachable");
    db.settings.reader_url = "postgresql://nd_reader:x@127.0.0.1:1/nd";
    const auto checks = ops::check_postgres(db.settings);
    CHECK(codes_of(checks) == "postgres_unreachable");
    CHECK(ops::tell_checks(checks).status == ops::exit_status::unreachable);
}

TEST_CASE(
    "tables that are missing, migrations that are pending or changed, and partitions that ran out "
    "are found") {
    patient db;
    const auto files = number(db.admin, "select max(number) from nd.migrations");
    must(db.admin, "create table keep as select * from nd.migrations");
    must(db.admin, "delete from nd.migrations where number = " + std::to_string(files));
    CHECK(db.codes() == "migrations_pending");
    must(db.admin,
         "insert into nd.migrations select * from keep on conflict do nothing; delete from "
         "nd.migrations where number = 1");
    CHECK(db.codes() == "migrations_late");
    must(db.admin,
         "insert into nd.migrations select * from keep on conflict do nothing; "
         "update nd.migrations set sha256 = sha256('x') where number = 1");
    CHECK(db.codes() == "migrations_changed");
    must(db.admin,
         "update nd.migrations m set sha256 = k.sha256 from keep k where k.number = m.number; "
         "insert into nd.migrations (number, name, sha256) values (9999, '9999_tomorrow', "
         "sha256('x'))");
    CHECK(db.codes() == "migrations_unknown");
    must(db.admin, "delete from nd.migrations where number = 9999");
    CHECK(db.codes() == "");

    must(db.admin,
         "insert into nd.events values (gen_random_uuid(), gen_random_uuid(), '2020-01-01', now(), "
         "'live', 'x', null, null, null, '{}')");
    CHECK(db.codes() == "partition_default_rows");
    db.must_run({"partitions"});
    CHECK(db.codes() == "");
    must(db.admin,
         "do $$ declare p text; begin for p in select c.relname from pg_inherits i join pg_class c "
         "on c.oid = i.inhrelid where "
         "inhparent = 'nd.events'::regclass and c.relname <> 'events_default' loop execute 'drop "
         "table nd.' || p; end loop; end $$");
    CHECK(db.codes() == "partitions_short");

    must(db.admin, "drop table nd.tenant_limits cascade");
    CHECK(codes_of(ops::check_postgres(db.settings)) == "missing_table");
}

TEST_CASE("a default partition that a long transaction holds is said, not waited for") {
    patient db;
    must(db.admin, "begin; lock table nd.events_default in share mode");
    CHECK(db.codes() == "partition_default_locked");
    must(db.admin, "rollback");
    CHECK(db.codes() == "");
}
