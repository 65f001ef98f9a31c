// nd.store_events: what it refuses, how it says so, and that nothing came of it. Directly and
// through PgBouncer.
#include "sql/queries/read_progress.hpp"
#include "tests/pg/writing.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace nd::tests;
namespace pg = nd::base::pg;

TEST_CASE(
    "a row in another tenant's group is refused by the database, and the refusal names the group's "
    "tenant") {
    writing w;
    for (pg::connection* way : w.ways) {
        batch whole;
        whole.of(tenant_a, events_of(0, 3)).of(tenant_b, events_of(0, 3));
        whole.rows[1].tenant = tenant_b;
        const auto said = whole.store(*way);
        REQUIRE(said.has_error());
        CHECK(said.error().sqlstate == "42501");
        CHECK(said.error().code == nd::base::errc::refused);
        CHECK(said.error().detail.find(to_text(tenant_a)) != std::string::npos);
        CHECK(w.rows() == 0);
        CHECK(w.progress() == 0);
    }
}

TEST_CASE("a mis-grouped row is refused on the way for rows that may be there already, too") {
    writing w;
    REQUIRE(three_tenants(0).store(w.direct).has_value());
    batch again = three_tenants(0);
    again.rows[1].tenant = tenant_b;
    again.rows[1].id = numbered_uuid(0xdd, 1);
    const auto said = again.store(w.direct);
    REQUIRE(said.has_error());
    CHECK(said.error().sqlstate == "42501");
    CHECK(said.error().detail.find(to_text(tenant_a)) != std::string::npos);
    CHECK(w.rows() == 6);
}

TEST_CASE("a batch that does not add up is refused before anything is stored") {
    writing w;
    struct spoilt {
        const char* what;
        void (*spoil)(batch&);
    };
    const std::vector<spoilt> table{
        {"one record too many for the groups", [](batch& b) { b.rows.push_back(b.rows.back()); }},
        {"one record too few for the groups", [](batch& b) { b.rows.pop_back(); }},
        {"a gap between groups", [](batch& b) { b.groups[1].lo += 1; }},
        {"an overlap of groups", [](batch& b) { b.groups[1].lo -= 1; }},
        {"an empty group",
         [](batch& b) { b.groups[1].hi = b.groups[1].lo - 1, b.groups[2].lo = b.groups[1].lo; }},
        {"the first row left out", [](batch& b) { b.groups[0].lo = 2; }},
        {"a tenant twice", [](batch& b) { b.groups[1].tenant = tenant_a; }},
        {"a group missing", [](batch& b) { b.groups.pop_back(); }},
        {"a NULL tenant in a row", [](batch& b) { b.rows[4].tenant.reset(); }},
        {"a NULL name", [](batch& b) { b.rows[5].name.reset(); }},
        {"no groups at all", [](batch& b) { b.groups.clear(); }},
    };
    for (pg::connection* way : w.ways) {
        for (const spoilt& one : table) {
            CAPTURE(one.what);
            batch whole = three_tenants(0);
            one.spoil(whole);
            const auto said = whole.store(*way);
            REQUIRE(said.has_error());
            CHECK(said.error().sqlstate == "ND001");
            CHECK(said.error().code == nd::base::errc::internal);
            CHECK(w.rows() == 0);
        }
    }
}

TEST_CASE("columns of different lengths are refused") {
    writing w;
    const std::string_view call =
        "call nd.store_events('{aa000000-0000-0000-0000-000000000001}', '{1}', '{1}', "
        "'{aa000000-0000-0000-0000-000000000001}', "
        "'{ee000000-0000-0000-0000-000000000001}', '{2026-11-02 00:00+00}', '{2026-11-02 "
        "00:00+00}', '{live}', $N, '{NULL}', "
        "'{NULL}', '{NULL}', '{\"{}\"}', 'c', 't', '{0}', '{0}', '{1}', '2026-11-02 00:00+00', "
        "null, null, '{}', '{}', '{}', '{}', '{}', '{}', "
        "0, 0, 0, '{}', '{}', '{}', false, '{}')";
    const auto with_names = [&](std::string_view names) {
        std::string text(call);
        return text.replace(text.find("$N"), 2, names);
    };
    for (const char* names :
         {"'{click,click}'", "'{}'", "null", "'[0:0]={click}'", "'[2:2]={click}'", "'{NULL}'"}) {
        CAPTURE(names);
        CHECK(state_of(w.direct, with_names(names)) == "ND001");
    }
    CHECK(state_of(w.direct, with_names("'{{click}}'")) ==
          "0A000");  // Postgres itself does not search those for NULL
    CHECK(w.rows() == 0);
    CHECK(state_of(w.direct, with_names("'{click}'")) == "");
    CHECK(w.rows() == 1);
}

TEST_CASE(
    "progress moves forward only, and a database that knows less than the writer has seen is "
    "refused") {
    writing w;
    batch whole = three_tenants(0);
    whole.next_offset = 100;
    REQUIRE(whole.store(w.direct).has_value());
    whole.next_offset = 50;  // a zombie's
    REQUIRE(whole.store(w.direct).has_value());
    CHECK(w.progress() == 100);

    must(w.admin, "update nd.progress set next_offset = 60");  // a copy from yesterday
    batch later = three_tenants(20);
    later.expected = 100;
    later.next_offset = 110;
    const auto said = later.store(w.direct);
    REQUIRE(said.has_error());
    CHECK(said.error().sqlstate == "ND002");
    CHECK(w.rows() == 6);

    later.expected = 60;
    later.next_offset = 120;
    REQUIRE(later.store(w.pooled).has_value());
    const auto read = w.direct.exec(nd::sql::read_progress, "cluster", "nd.events.v1");
    REQUIRE(read.has_value());
    REQUIRE(read->size() == 1);
    CHECK((*read)[0].integer("next_offset") == 120);
}

TEST_CASE("progress needs each partition once, and at least one") {
    writing w;
    const auto write = [&](const std::string& arrays) {
        return state_of(w.direct, "select nd.write_progress('c', 't', " + arrays + ")");
    };
    CHECK(write("'{}', '{}', '{}'") == "ND001");
    CHECK(write("'{0,0}', '{0,0}', '{1,2}'") == "ND001");
    CHECK(write("'{0,1}', '{0}', '{1,2}'") == "ND001");
    CHECK(write("'{0,NULL}', '{0,0}', '{1,2}'") == "ND001");
    CHECK(write("'{0,1}', '{0,0}', '{1,NULL}'") == "ND001");
    CHECK(write("'{0,1}', '{0,0}', '{1,2}'") == "");
}

TEST_CASE("two writers of the same rows in opposite order: every row is there once") {
    writing w;
    batch forth;
    forth.of(tenant_a, events_of(0, 300));
    batch back = forth;
    std::reverse(back.rows.begin(), back.rows.end());
    std::int64_t inserted[2]{};
    const auto store_until_done = [](const batch& whole, pg::connection& on, std::int64_t& count) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            const auto said = whole.store(on);
            if (said.has_value()) {
                count = said->inserted;
                return;
            }
            CHECK(said.error().sqlstate == "40P01");
        }
        FAIL_CHECK("never done");
    };
    std::thread other([&] { store_until_done(back, w.pooled, inserted[1]); });
    store_until_done(forth, w.direct, inserted[0]);
    other.join();
    CHECK(inserted[0] + inserted[1] == 300);
    CHECK(w.rows() == 300);
}

TEST_CASE("a deadlock says 40P01 and names the tenant; the same batch again is stored") {
    writing w;
    const auto insert = [](const char* id, const char* us) {
        return "insert into nd.events values ('" + to_text(tenant_a) + "', '" + id +
               "', '2026-11-02 00:00:00." + us +
               "+00', now(), 'live', 'clicked', null, null, null, '{}')";
    };
    auto stranger =
        w.database.admin();  // only a superuser may leave it to the other to notice the deadlock
    must(stranger, "begin; set local deadlock_timeout = '60s'; " +
                       insert("ee000000-0000-0000-0000-000000000001", "000001"));
    batch whole;
    whole.of(tenant_a,
             {events_of(2, 1).front(), events_of(1, 1).front()});  // 2 first, then waits for 1
    std::optional<nd::base::error> refused;
    std::thread waiting([&] {
        const auto said = whole.store(w.direct);
        refused = said.has_error() ? std::optional(said.error()) : std::nullopt;
    });
    std::int64_t waits = 0;
    for (int attempt = 0; attempt < 1000 && waits == 0; ++attempt) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        waits = number(w.admin,
                       "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and "
                       "datname = current_database()");
    }
    CHECK(waits == 1);
    must(stranger, insert("ee000000-0000-0000-0000-000000000002", "000002"));
    waiting.join();
    REQUIRE(refused.has_value());
    CHECK(refused->sqlstate == "40P01");
    CHECK(refused->code == nd::base::errc::conflict);
    CHECK(refused->detail.find(to_text(tenant_a)) != std::string::npos);
    must(stranger, "rollback");
    CHECK(whole.store(w.direct)->inserted == 2);
}
