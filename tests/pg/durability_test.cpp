// What store_events returned from survives a kill -9 of every Postgres process, although all its
// commits but the last are asynchronous.
#include "sql/migrations.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"
#include "tests/pg/scratch_cluster.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
namespace pg = nd::base::pg;

namespace {

// The writer of WAL in the background flushes asynchronous commits soon after; here it does not
// come to help.
constexpr const char* no_helper =
    "wal_writer_delay = 10s\nwal_writer_flush_after = 0\nautovacuum = off\nbgwriter_delay = 10s";

void migrate(const std::string& url) {
    auto admin = must_open(url);
    must(admin, nd::sql::roles);
    for (const nd::sql::migration& one : nd::sql::migrations()) {
        must(admin, "begin; set local role nd_owner");
        must(admin, one.text);
        must(admin, "commit");
    }
    must(admin, "alter role nd_writer set synchronous_commit = off; checkpoint");
}

}  // namespace

TEST_CASE(
    "a batch of only duplicates is durable when the call returns, and so is everything before it") {
    scratch_cluster cluster(no_helper);
    migrate(cluster.url());
    const std::string writer_url = cluster.url("postgres", "nd_writer");

    // Another session's rows, committed asynchronously: the batch finds them there, and answers for
    // them from then on.
    auto admin = must_open(cluster.url());
    must(admin, "begin; set local synchronous_commit = off; insert into nd.events select '" +
                    to_text(tenant_a) +
                    "', "
                    "('ee000000-0000-0000-0000-' || lpad(to_hex(i), 12, '0'))::uuid, '2026-11-02 "
                    "00:00+00'::timestamptz + "
                    "i * interval '1 us', now(), 'live', 'clicked', null, 'user', '/', "
                    "jsonb_build_object('number', i) "
                    "from generate_series(0, 9) i; commit");
    auto writer = must_open(writer_url);
    batch whole;
    whole.of(tenant_a, events_of(0, 10));
    const auto said = whole.store(writer);
    REQUIRE_MESSAGE(said.has_value(), said.error().detail);
    CHECK(said->inserted == 0);
    CHECK(said->duplicates == 10);
    cluster.kill_9();
    cluster.start();
    auto after = must_open(cluster.url());
    CHECK(number(after, "select count(*) from nd.events") == 10);
    CHECK(number(after, "select next_offset from nd.progress") == 1);

    // The same again, so that not even the progress moves: still durable.
    must(after,
         "begin; set local synchronous_commit = off; delete from nd.events where event_id::text "
         "like '%9'; commit; checkpoint");
    auto again = must_open(writer_url);
    CHECK(whole.store(again)->inserted == 1);
    cluster.kill_9();
    cluster.start();
    auto at_last = must_open(cluster.url());
    CHECK(number(at_last, "select count(*) from nd.events") == 10);
}

TEST_CASE("rows that a replay stored are durable when the call returns") {
    scratch_cluster cluster(no_helper);
    migrate(cluster.url());
    auto admin = must_open(cluster.url());
    must(admin,
         "insert into nd.jobs (kind, spec, runner) values ('replay', '{}', 'r'); "
         "insert into nd.job_parts (job_id, part, begin_at, next_at) values (1, 0, 0, 0)");
    auto writer = must_open(cluster.url("postgres", "nd_writer"));
    const auto tenant = "array['" + to_text(tenant_a) + "']::uuid[]";
    must(writer, "call nd.replay_events(" + tenant + ", '{1}', '{1}', " + tenant +
                     ", array['ee000000-0000-0000-0000-000000000001']::uuid[], '{2026-11-02}', "
                     "'{2026-11-02}', '{live}', '{clicked}', '{null}', '{user}', '{/}', "
                     "array['{}'], false, '2026-11-02', null, null, 1, 'r', 0, 0, 0, '{}', '{}', "
                     "'{}', '{}', false)");
    cluster.kill_9();
    cluster.start();
    auto after = must_open(cluster.url());
    CHECK(number(after, "select count(*) from nd.events") == 1);
    CHECK(number(after, "select written from nd.job_parts") == 1);
}

// Postgres's WAL writer may come by between the commit and the kill, and then nothing is lost: not
// each time.
TEST_CASE("the test sees it when a last commit writes nothing: those rows are lost") {
    scratch_cluster cluster(no_helper);
    migrate(cluster.url());
    bool lost = false;
    for (int attempt = 0; attempt < 5 && !lost; ++attempt) {
        const auto name = "'lost " + std::to_string(attempt) + "'";
        const auto found = "select count(*) from nd.tenants where name = " + name;
        auto admin = must_open(cluster.url());
        must(admin,
             "begin; set local synchronous_commit = off; insert into nd.tenants (name) "
             "values (" +
                 name + "); commit; begin; select from nd.tenants; commit");
        CHECK(number(admin, found) == 1);
        cluster.kill_9();
        cluster.start();
        auto after = must_open(cluster.url());
        lost = number(after, found) == 0;
    }
    CHECK(lost);
}
