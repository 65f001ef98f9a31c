// The property that the whole product rests on: what the edge accepts, the procedure stores, and
// every column is what Postgres itself reads out of the event's bytes.
#include "schema/batch.hpp"
#include "tests/pg/database.hpp"
#include "tests/workers/event_maker.hpp"
#include "tests/workers/records.hpp"
#include "workers/store.hpp"

#include <doctest/doctest.h>

#include <cstring>

using namespace nd;
using namespace nd::tests;

namespace {

// What the edge lets through of these events, as it would publish them.
std::vector<std::string> accepted_by_the_edge(const std::vector<std::string>& events) {
    schema::batch_scanner scanner;
    const schema::instant now{4'200'000'000'000'000};  // far enough: every year to 2100 is past
    std::vector<std::string> accepted;
    for (const auto& event : events) {
        // One request per event: a mutation may break its whole request.
        std::string body = R"({"events":[)" + event + "]}";
        const auto size = body.size();
        body.resize(size + schema::batch_padding);
        const auto verdict = scanner.scan(body.data(), size, now);
        if (!verdict) continue;
        for (const auto& one : verdict->accepted)
            accepted.emplace_back(one.raw);
    }
    return accepted;
}

// How many of these events have a row, and of how many its columns are not what Postgres reads out
// of the raw event.
constexpr base::pg::statement rows_beside_events(R"(
    with raw as (
        select t as tenant, r::json as j, r::jsonb as b
        from unnest($1::uuid[], $2::text[]) as u(t, r)
    )
    , compared as (
        select raw.j, e.event_id, e.name is distinct from raw.j->>'name'
           or e.session_id is distinct from raw.j->>'session_id'
           or e.user_id is distinct from raw.j->>'user_id'
           or e.page is distinct from raw.j->>'page'
           or e.properties is distinct from
                  coalesce(nullif(raw.b->'properties', 'null'::jsonb), '{}'::jsonb) as differs
        from raw left join nd.events e
          on e.tenant_id = raw.tenant and e.event_id = (raw.j->>'event_id')::uuid
             and e.occurred_at = (raw.j->>'occurred_at')::timestamptz
    )
    select count(event_id) as found, count(*) filter (where differs) as differing,
           coalesce(min(j::text) filter (where differs), '') as example
    from compared
)");

}  // namespace

TEST_CASE("what the edge accepts is stored, always, and as Postgres itself reads it") {
    const test_database database;
    workers::pg_store store(database.url("nd_writer"), "test", "events", test_pepper);
    REQUIRE(store.read_progress().has_value());
    auto admin = database.admin();
    std::int64_t rows_compared = 0;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        CAPTURE(seed);
        event_maker make(seed);
        std::vector<std::string> events;
        for (int i = 0; i < 1200; ++i) {
            const auto event = make.event();
            events.push_back(event);
            events.push_back(make.mutated(event));
        }
        const auto accepted = accepted_by_the_edge(events);
        std::vector<test_record> records;
        base::pg::text_array raw;
        base::pg::uuid_array tenants;
        for (const auto& event : accepted) {
            test_record record;
            // A tenant per event keeps a mutation apart from its original with the same id and
            // time.
            record.key = tenant_text(static_cast<int>(records.size() % 40));
            record.value = event;
            tenants.add(schema::tenant_of(*record.key)->value.bytes);
            records.push_back(std::move(record));
            raw.add(std::string_view(event));
        }
        auto load = parcel_of(records);
        REQUIRE(load->records.unreadable().empty());
        auto done = store.store(*load, true);
        if (done.has_error()) FAIL(done.error().sqlstate << " " << done.error().detail);
        for (const auto& refused : done->refused) {
            FAIL_CHECK(refused.sqlstate << " " << refused.reason << ": "
                                        << load->records.rows()[refused.row].raw);
        }
        // An original and its mutation are two tenants', so each is a row of its own.
        CHECK(done->inserted == static_cast<std::int64_t>(records.size()));
        must(admin, "delete from nd.progress");
        const auto compared = admin.exec(rows_beside_events, tenants, raw);
        if (compared.has_error()) FAIL(compared.error().detail);
        CAPTURE((*compared)[0].text("example"));
        CHECK((*compared)[0].integer("differing") == 0);
        CHECK((*compared)[0].integer("found") == static_cast<std::int64_t>(records.size()));
        rows_compared += (*compared)[0].integer("found");
        must(admin, "truncate nd.events");
    }
    CHECK(rows_compared > 8000);  // a generator of nothing but refusals would prove nothing
}
