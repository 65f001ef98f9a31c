// A replay's batches against a real Postgres: what is missing is found and stored, what is there
// stays, and nobody but the job's runner moves it on.
#include "ops/replay_store.hpp"

#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <deque>
#include <thread>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t arrived_ms = 1'793'700'000'000;
const std::string pepper = "a pepper of the tests, 32 bytes and more";

std::string tenant(int n) {
    return fmt::format("00000000-0000-4000-8000-{:012x}", n);
}

struct replayed {
    ops_database db;
    base::pg::connection admin = db.database.admin();
    ops::job_store jobs = ops::job_store::open(db.settings).value();
    ops::job_hold hold{0, "runner", 0};
    schema::event_scanner scanner;
    ops::replay_filter filter;
    std::deque<std::string> texts;
    ops::replay_batch batch;

    replayed() {
        hold.job = jobs.create("replay", {{"x", 1}}, hold.runner, {{0, 0, 100, 0, {}}}).value();
    }
    ops::replay_store store(bool staging = false) const {
        return ops::replay_store::open(db.settings, staging, pepper, {}).value();
    }
    void add(int of, int event, const std::string& name = "clicked", int day = 2,
             const std::string& user = "u") {
        schema::raw_record raw;
        raw.timestamp_ms = arrived_ms;
        raw.environment = "live";
        raw.key = texts.emplace_back(tenant(of));
        raw.value = texts.emplace_back(fmt::format(
            R"({{"event_id":"10000000-0000-4000-8000-{:012x}","name":"{}","user_id":"{}",)"
            R"("occurred_at":"2026-11-{:02}T10:00:00.{:06}Z"}})",
            event, name, user, day, event));
        batch.take(raw, filter, scanner);
    }
    // A tombstone for this person, as of a year from now.
    void erase(int of, const std::string& user) {
        schema::user_hasher hasher(pepper);
        const auto hash = hasher(*schema::parse_tenant_id(tenant(of)), user);
        must(admin, fmt::format("insert into nd.tenants (tenant_id, name) values ('{0}', 'one'); "
                                "insert into nd.erasures values ('{0}', decode('{1}', 'hex'), "
                                "decode('{2:02x}', 'hex'), now() + interval '1 year')",
                                tenant(of), base::to_hex(hash), fmt::join(hasher.id(), "")));
    }
    std::int64_t rows(const char* table = "nd.events") {
        return number(admin, fmt::format("select count(*) from {}", table));
    }
    // Everything that a lane does with a batch, but moving on.
    ops::replay_outcome pass(ops::replay_store& into) {
        batch.seal();
        const auto seen = into.look_up(batch);
        REQUIRE_MESSAGE(seen.has_value(), (seen ? "" : seen.error().detail));
        auto outcome = into.store(batch, seen->missing, hold);
        REQUIRE_MESSAGE(outcome.has_value(), (outcome ? "" : outcome.error().detail));
        outcome->table_digest += seen->there_digest;
        outcome->erased.insert(outcome->erased.end(), seen->erased.begin(), seen->erased.end());
        return *outcome;
    }
};

}  // namespace

TEST_CASE("what is missing is stored, what is there is not, and the digests say so") {
    replayed r;
    auto into = r.store();
    for (int i = 0; i < 10; ++i)
        r.add(1 + i % 3, i);
    const auto first = r.pass(into);
    CHECK(first.written == 10);
    CHECK(first.table_digest == r.batch.digest());
    const auto again = r.pass(into);
    CHECK(again.written == 0);
    CHECK(again.table_digest == r.batch.digest());
    must(r.admin, "delete from nd.events where event_id::text like '%3'");
    const auto seen = into.look_up(r.batch);
    REQUIRE(seen.has_value());
    CHECK(seen->missing.size() == 1);
    CHECK(seen->there_digest == r.batch.digest() - r.batch.digest_of(seen->missing));
    CHECK(r.pass(into).written == 1);
    CHECK(r.rows() == 10);
    CHECK(number(r.admin, "select sum(written) from nd.job_parts") == 11);
}

TEST_CASE("into staging the events are not touched, and neither is asked for the other") {
    replayed r;
    auto events = r.store();
    auto staging = r.store(true);
    r.add(1, 1);
    CHECK(r.pass(staging).written == 1);
    CHECK(r.rows() == 0);
    CHECK(r.pass(events).written == 1);
    CHECK(r.pass(staging).written == 0);
    CHECK(r.rows("nd.events_staging") == 1);
}

TEST_CASE("rows that Postgres refuses are named one by one, and the others are stored") {
    replayed r;
    must(r.admin, "alter table nd.events add constraint no_poison check (name <> 'poison')");
    auto into = r.store();
    for (int i = 0; i < 200; ++i)
        r.add(1, i, i == 0 || i == 63 || i == 64 || i == 199 ? "poison" : "clicked");
    r.add(2, 500);
    const auto outcome = r.pass(into);
    CHECK(outcome.written == 197);
    REQUIRE(outcome.refused.size() == 4);
    std::vector<std::int64_t> places;
    std::uint64_t bad = 0;
    for (const auto& [place, reason] : outcome.refused) {
        places.push_back(place);
        const std::int64_t only[] = {place};
        bad += r.batch.digest_of(only);
        CHECK(reason.starts_with("postgres_23: "));
    }
    CHECK(places == std::vector<std::int64_t>{1, 64, 65, 200});
    CHECK(outcome.table_digest == r.batch.digest() - bad);
    CHECK(r.rows() == 197);
}

TEST_CASE("few records far apart are looked up one by one among many rows") {
    replayed r;
    auto into = r.store();
    r.add(1, 1, "clicked", 2);
    r.add(1, 2, "clicked", 20);
    r.add(1, 3, "clicked", 29);
    must(r.admin,
         fmt::format("insert into nd.events select '{}', gen_random_uuid(), timestamptz "
                     "'2026-11-10' + i * interval '1 ms', now(), 'live', 'x', null, null, null, "
                     "'{{}}' from generate_series(1, 8000) i",
                     tenant(1)));
    r.batch.seal();
    auto seen = into.look_up(r.batch);
    REQUIRE(seen.has_value());
    CHECK(seen->missing == std::vector<std::int64_t>{1, 2, 3});
    CHECK(seen->there_digest == 0);
    CHECK(r.pass(into).written == 3);
    seen = into.look_up(r.batch);
    REQUIRE(seen.has_value());
    CHECK(seen->missing.empty());
    CHECK(seen->there_digest == r.batch.digest());
}

TEST_CASE("what a tombstone forbids is neither looked for nor stored") {
    replayed r;
    auto into = r.store();
    r.erase(1, "gone");
    for (int i = 0; i < 6; ++i)
        r.add(1, i, "clicked", 2, i % 2 == 0 ? "gone" : "here");
    r.add(2, 7, "clicked", 2, "gone");
    const auto outcome = r.pass(into);
    CHECK(outcome.erased.size() == 3);
    CHECK(outcome.written == 4);
    CHECK(outcome.table_digest == r.batch.digest() - r.batch.digest_of(outcome.erased));
    CHECK(number(r.admin, fmt::format("select count(*) from nd.events where tenant_id = '{}' and "
                                      "user_id = 'gone'",
                                      tenant(1))) == 0);
}

TEST_CASE("rows that an erasure has not deleted yet count on neither side") {
    replayed r;
    auto into = r.store();
    for (int i = 0; i < 4; ++i)
        r.add(1, i);
    r.add(2, 7);
    CHECK(r.pass(into).written == 5);
    must(r.admin, "delete from nd.events where event_id::text like '%3'");
    r.erase(1, "u");
    const auto seen = into.look_up(r.batch);
    REQUIRE(seen.has_value());
    CHECK(seen->erased == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(seen->missing.empty());
    CHECK(seen->there_digest == r.batch.digest() - r.batch.digest_of(seen->erased));
}

TEST_CASE("a part moves from where it stands, for its runner, and for nobody else") {
    replayed r;
    auto into = r.store();
    ops::job_counts more{5, 0, 1, 0, 0, ~0ULL, 7};
    CHECK(into.advance(r.hold, 0, 40, more).has_value());
    CHECK(into.advance(r.hold, 0, 40, more).error().code == base::errc::refused);
    CHECK(into.advance(r.hold, 40, 100, more).has_value());
    auto counts = r.jobs.find(r.hold.job)->counts();
    CHECK(counts == ops::job_counts{10, 0, 2, 0, 0, ~0ULL - 1, 14});

    auto zombie = r.hold;
    zombie.runner = "another";
    r.add(1, 1);
    r.batch.seal();
    const std::int64_t only[] = {1};
    const auto refused = into.store(r.batch, only, zombie);
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == base::errc::refused);
    CHECK(r.rows() == 0);
    CHECK(r.jobs.cancel(r.hold.job).has_value());
    CHECK(into.store(r.batch, only, r.hold).error().code == base::errc::refused);
    CHECK(r.jobs.beat(r.hold.job, r.hold.runner).error().code == base::errc::refused);
    CHECK(r.rows() == 0);
}

TEST_CASE("a job goes to another only when the one who has it is silent, or has left") {
    replayed r;
    const auto id = r.hold.job;
    const auto other = r.jobs.take(id, "import", "b").error();
    CHECK(other.code == base::errc::refused);
    CHECK(other.detail == fmt::format("job {0} is no import: ndctl replay resume {0} goes on with "
                                      "it",
                                      id));
    CHECK(r.jobs.take(id + 1, "replay", "b").error().code == base::errc::not_found);
    std::atomic<bool> over{false};
    std::thread beating([&] {
        auto own = ops::job_store::open(r.db.settings).value();
        while (!over) {
            static_cast<void>(own.beat(id, r.hold.runner));
            std::this_thread::sleep_for(200ms);
        }
    });
    const auto refused = r.jobs.take(id, "replay", "b");
    over = true;
    beating.join();
    REQUIRE(refused.has_error());
    CHECK(refused.error().detail.find("which is alive") != std::string::npos);
    CHECK(r.jobs.take(id, "replay", "b").has_value());  // after a while of silence
    CHECK(r.jobs.leave(id, "b").has_value());
    CHECK(r.jobs.take(id, "replay", "c").has_value());
    CHECK(r.jobs.finish(id, "b").has_error());
    CHECK(r.jobs.finish(id, "c").has_value());
    CHECK(r.jobs.take(id, "replay", "d").error().detail.find("is done") != std::string::npos);
}
