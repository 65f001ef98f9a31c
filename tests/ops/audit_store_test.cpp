// The audit's SQL: its digest is ours, its sums are exact, and it shows rows of one tenant only.
#include "ops/audit_store.hpp"
#include "sql/isolation.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace nd;
using namespace nd::ops;
using namespace nd::tests;

namespace {

schema::tenant_id tenant_of(const raw_uuid& id) {
    return {schema::uuid{id}};
}

sighting seen(const raw_uuid& tenant, const event_row& row) {
    sighting made;
    made.tenant = tenant_of(tenant);
    made.event = {schema::uuid{row.id}};
    made.occurred_us = row.occurred_us;
    return made;
}

identity_sum sum_of(const raw_uuid& tenant, const std::vector<event_row>& rows) {
    identity_sum sum;
    for (const auto& row : rows)
        sum.add(seen(tenant, row).hash());
    return sum;
}

std::vector<sighting> seen(const raw_uuid& tenant, const std::vector<event_row>& rows) {
    std::vector<sighting> all;
    for (const auto& row : rows)
        all.push_back(seen(tenant, row));
    std::sort(all.begin(), all.end(), by_identity());
    return all;
}

// Rows of A in two weeks and of B in one. The test's batches arrive a second after they happened.
struct world {
    test_database database;
    base::pg::connection on = database.as("nd_operator");
    base::pg::connection admin = database.admin();
    std::vector<event_row> of_a = events_of(0, 300);
    std::vector<event_row> of_a_later = events_of(1000, 40, monday + 9 * one_day);
    std::vector<event_row> of_b = events_of(0, 7);

    world() {
        must(admin, "set role nd_owner; select nd.make_events_partition('2026-11-04'); reset role");
        auto writer = database.as("nd_writer");
        batch whole;
        whole.of(tenant_a, of_a).of(tenant_b, of_b);
        REQUIRE(whole.store(writer).has_value());
        batch later;
        later.of(tenant_a, of_a_later);
        REQUIRE(later.store(writer).has_value());
    }
    arrival_bounds first_week() const {
        return bounds_of(schema::instant{monday}, schema::instant{monday + 7 * one_day});
    }
};

}  // namespace

TEST_CASE("the digest that SQL makes of an identity is the one that we make") {
    test_database database;
    auto on = database.as("nd_operator");
    std::mt19937_64 random(20261125);
    for (int i = 0; i < 400; ++i) {
        raw_uuid tenant{};
        raw_uuid event{};
        for (auto& byte : tenant)
            byte = static_cast<std::uint8_t>(random());
        for (auto& byte : event)
            byte = static_cast<std::uint8_t>(i % 7 == 0 ? 0xff * (i % 2) : random());
        // From before 2000, where Postgres's own count is negative, to the end of 2100.
        const auto us =
            i == 0 ? std::int64_t{-1} : static_cast<std::int64_t>(random() % 4'133'980'800'000'000);
        const auto rows =
            on.exec(base::pg::statement(
                        "select nd.identity_hash($1::uuid, $2::timestamptz, $3::uuid) as hash"),
                    to_text(tenant), schema::to_string(schema::instant{us}), to_text(event));
        REQUIRE_MESSAGE(rows.has_value(), rows.error().detail);
        const auto ours =
            identity_hash(tenant_of(tenant), schema::instant{us}, {schema::uuid{event}});
        CHECK(static_cast<std::uint64_t>((*rows)[0].integer("hash")) == ours);
    }
}

TEST_CASE("sums wrap in SQL as they do here, below zero too") {
    test_database database;
    auto on = database.as("nd_operator");
    const auto said = [&on](const char* total) {
        const auto rows =
            on.exec(base::pg::statement("select nd.digest_text($1::numeric) as text"), total);
        return std::string((*rows)[0].text("text"));
    };
    CHECK(said("-1") == "18446744073709551615");
    CHECK(said("18446744073709551616") == "0");
    CHECK(said("-36893488147419103233") == "18446744073709551615");
    CHECK(said("9223372036854775808") == "9223372036854775808");
}

TEST_CASE("what arrived between two moments is counted and digested for every tenant at once") {
    world w;
    audit_accounts accounts;
    const auto done = add_arrived(w.on, w.first_week(), {}, accounts);
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
    CHECK(accounts.size() == 2);
    CHECK(accounts[tenant_of(tenant_a)].arrived == sum_of(tenant_a, w.of_a));
    CHECK(accounts[tenant_of(tenant_b)].arrived == sum_of(tenant_b, w.of_b));

    audit_accounts whole;
    REQUIRE(add_arrived(w.on, {}, tenant_of(tenant_a), whole).has_value());
    CHECK(whole.size() == 1);
    CHECK(whole[tenant_of(tenant_a)].arrived ==
          sum_of(tenant_a, w.of_a) + sum_of(tenant_a, w.of_a_later));

    // The bounds are half open, to the microsecond.
    audit_accounts edge;
    const auto at = monday + 1'000'000 + 5;
    const auto last = bounds_of(schema::instant{at}, schema::instant{at + 1});
    REQUIRE(add_arrived(w.on, last, tenant_of(tenant_b), edge).has_value());
    CHECK(edge[tenant_of(tenant_b)].arrived == sum_of(tenant_b, {w.of_b[5]}));
}

TEST_CASE("a look-up tells rows of the range, rows from before it, and no rows apart") {
    world w;
    auto asked = w.of_a;
    asked.insert(asked.end(), w.of_a_later.begin(), w.of_a_later.end());
    const auto absent = events_of(5000, 3, monday + one_day);
    asked.insert(asked.end(), absent.begin(), absent.end());
    const auto sorted = seen(tenant_a, asked);
    const auto found = look_up(w.on, sorted, w.first_week());
    REQUIRE_MESSAGE(found.has_value(), found.error().detail);
    CHECK(found->inside == sum_of(tenant_a, w.of_a));
    CHECK(found->outside == sum_of(tenant_a, w.of_a_later));
    CHECK(found->missing == std::vector<std::size_t>{300, 301, 302});

    // Another tenant's identities are no rows of this one, though the ids and times are equal.
    const auto foreign = look_up(w.on, seen(tenant_b, w.of_a), {});
    REQUIRE(foreign.has_value());
    CHECK(foreign->inside == sum_of(tenant_b, w.of_b));
    CHECK(foreign->missing.size() == w.of_a.size() - w.of_b.size());
}

TEST_CASE("a tenant's rows come in order, all of them and no other's") {
    world w;
    std::vector<arrived_row> rows;
    const auto keep = [&rows](const arrived_row& row) {
        rows.push_back(row);
        return base::result<>();
    };
    const auto done = each_arrived(w.on, tenant_of(tenant_a), w.first_week(), keep);
    REQUIRE_MESSAGE(done.has_value(), done.error().detail);
    REQUIRE(rows.size() == w.of_a.size());
    identity_sum sum;
    for (const auto& row : rows)
        sum.add(identity_hash(tenant_of(tenant_a), {row.occurred_us}, row.event));
    CHECK(sum == sum_of(tenant_a, w.of_a));
    CHECK(std::is_sorted(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        return std::tie(a.occurred_us, a.event) < std::tie(b.occurred_us, b.event);
    }));
    CHECK(rows.front().received_us == monday + 1'000'000);
}

TEST_CASE("only the operator may add up, nobody reads rows by it, and isolation stays safe") {
    world w;
    const std::string call =
        "select count(*) from nd.audit_sums('-infinity', 'infinity', null::uuid)";
    for (const char* role : {"nd_writer", "nd_reader", "nd_ingest", "nd_dashboard", "nd_migrate"}) {
        auto other = w.database.as(role);
        CHECK_MESSAGE(state_of(other, call) == "42501", role);
    }
    CHECK(number(w.on, call) == 2);
    CHECK(number(w.on, "select count(*) from nd.events") == 0);
    CHECK(state_of(w.on, "set role nd_auditor") == "42501");
    const auto safe = sql::refuse_unsafe(w.on);
    CHECK_MESSAGE(safe.has_value(), safe.error().detail);

    // The owner is a member of the auditor's role, and sees no more by it.
    auto owner = w.database.as("nd_migrate");
    must(owner, "set role nd_owner");
    CHECK(number(owner, "select count(*) from nd.events") == 0);
    // The auditor itself sees identities, and nothing of what an event says.
    must(w.admin, "set role nd_auditor");
    CHECK(number(w.admin, "select count(distinct tenant_id) from nd.events") == 2);
    for (const char* column : {"name", "user_id", "session_id", "page", "properties"}) {
        CHECK_MESSAGE(
            state_of(w.admin, std::string("select ") + column + " from nd.events") == "42501",
            column);
    }
    CHECK(state_of(w.admin, "delete from nd.events") == "42501");
    CHECK(state_of(w.admin, "create table nd.mine (a int)") == "42501");
}

TEST_CASE("a program whose role could act as the auditor does not start") {
    world w;
    must(w.admin, "begin; grant nd_auditor to nd_reader");
    must(w.admin, "set session authorization nd_reader");
    const auto member = sql::check_isolation(w.admin);
    must(w.admin, "reset session authorization; rollback");
    REQUIRE(member.has_value());
    CHECK(std::any_of(member->begin(), member->end(),
                      [](const auto& one) { return one.code == "auditor"; }));

    must(w.admin, "begin; grant select (properties) on nd.events to nd_auditor");
    must(w.admin, "set session authorization nd_reader");
    const auto wider = sql::check_isolation(w.admin);
    must(w.admin, "reset session authorization; rollback");
    REQUIRE(wider.has_value());
    CHECK(std::any_of(wider->begin(), wider->end(), [](const auto& one) {
        return one.code == "auditor" && one.detail.find("properties") != std::string::npos;
    }));
}
