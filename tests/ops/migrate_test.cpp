#include "ops/migration_run.hpp"
#include "ops/role_setup.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>

#include <thread>

using namespace nd;
using namespace nd::tests;
using ops::exit_status;

namespace {

// As a new database is before its first migration: the schema is there (sql/roles.sql), nothing in
// it.
struct empty_database : ops_database {
    base::pg::connection admin = database.admin();
    empty_database() {
        must(admin, "drop schema nd cascade; create schema nd authorization nd_owner");
    }
};

bool says(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("migrate applies every file once, records it as the owner, and then has nothing to do") {
    const empty_database db;
    const auto pending = db.run({"migrate", "--status", "--json"});
    CHECK(pending.status == exit_status::finding);
    CHECK(says(pending.out, "\"up_to_date\":false"));
    const auto first = db.must_run({"migrate"});
    CHECK(first.at("applied").as_array().size() == ops::embedded_migrations().size());
    CHECK(db.must_run({"migrate"}).at("applied").as_array().empty());
    CHECK(db.must_run({"migrate", "--status"}).at("up_to_date").as_bool());
    auto admin = db.database.admin();
    CHECK(number(admin, "select count(*) from nd.migrations where applied_by = 'nd_migrate'") ==
          static_cast<std::int64_t>(ops::embedded_migrations().size()));
    CHECK(number(admin,
                 "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner "
                 "where c.relnamespace = 'nd'::regnamespace and r.rolname <> 'nd_owner'") == 0);
}

TEST_CASE("a changed checksum refuses to migrate, says what to do, and applies nothing") {
    const empty_database db;
    db.must_run({"migrate"});
    auto admin = db.database.admin();
    must(admin,
         "update nd.migrations set sha256 = sha256('other') where number = 2; "
         "delete from nd.migrations where number = (select max(number) from nd.migrations)");
    const auto refused = db.run({"migrate"});
    CHECK(refused.status == exit_status::finding);
    CHECK(says(refused.err, "002_events was changed after it was applied"));
    CHECK(says(refused.err, "Put the file back"));
    CHECK(number(admin, "select count(*) from nd.migrations") ==
          static_cast<std::int64_t>(ops::embedded_migrations().size()) - 1);
    CHECK(db.run({"migrate", "--status"}).status == exit_status::finding);
}

TEST_CASE("a migration that fails half way leaves nothing of its file behind and names it") {
    const empty_database db;
    auto admin = db.database.admin();
    // In the way of 002, after its table: 001 stays applied, of 002 nothing does.
    must(admin, "create table nd.progress (x int)");
    const auto failed = db.run({"migrate"});
    CHECK(failed.status == exit_status::finding);
    CHECK(says(failed.err, "migration 002_events: "));
    CHECK(number(admin, "select count(*) from nd.migrations") == 1);
    CHECK(number(admin, "select count(*) from pg_class where relname = 'events'") == 0);
    must(admin, "drop table nd.progress");
    CHECK(db.must_run({"migrate"}).at("applied").as_array().size() ==
          ops::embedded_migrations().size() - 1);
}

TEST_CASE("two at once: one migrates, the other waits and finds it done") {
    const empty_database db;
    std::size_t applied[2] = {0, 0};
    const auto migrate = [&](std::size_t which) {
        applied[which] = db.must_run({"migrate"}).at("applied").as_array().size();
    };
    std::thread one(migrate, 0);
    std::thread two(migrate, 1);
    one.join();
    two.join();
    CHECK(applied[0] + applied[1] == ops::embedded_migrations().size());
    CHECK((applied[0] == 0 || applied[1] == 0));
}

TEST_CASE("migrate through a role that is no member of the owner says how to get there") {
    ops_database db;
    db.settings.migrate_url = db.database.url("nd_writer");
    const auto refused = db.run({"migrate"});
    CHECK(refused.status == exit_status::finding);
    CHECK(says(refused.err, "ndctl migrate --roles"));
}

TEST_CASE(
    "--roles gives the roles the passwords of the URLs as SCRAM verifiers, and may be run again") {
    ops_database db;
    auto admin = db.database.admin();
    // The cluster's own connection string for this database, as the administrator has it.
    const auto at = db.settings.writer_url.find("user='nd_writer'");
    REQUIRE(at != std::string::npos);
    const std::string admin_url = std::getenv("ND_TEST_ADMIN_DATABASE_URL");
    db.settings.admin_url = admin_url;
    for (int round = 0; round < 2; ++round) {
        const auto set = ops::set_up_roles(db.settings);
        REQUIRE_MESSAGE(set.has_value(), set.error().detail);
        CHECK(set->size() == 7);
        CHECK(number(admin,
                     "select count(*) from pg_authid where rolname = 'nd_writer' and rolpassword "
                     "like 'SCRAM-SHA-256$%'") == 1);
        CHECK(base::pg::connection::open(db.settings.writer_url).has_value());
    }
    db.settings.writer_url = db.database.url("nd_reader");
    const auto refused = ops::set_up_roles(db.settings);
    REQUIRE(refused.has_error());
    CHECK(says(refused.error().detail, "ND_WRITER_DATABASE_URL logs in as \"nd_reader\""));
}
