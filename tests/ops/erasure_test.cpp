// The steps of ndctl erase against a real Postgres, and what the command refuses before it begins.
#include "ops/erasure.hpp"
#include "schema/session_hash.hpp"
#include "tests/ops/database_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <thread>

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;
using ops::exit_status;

namespace {

constexpr const char* pepper = "a pepper of the tests, 32 bytes and more";
const ops::show_rows quietly = [](std::int64_t, std::int64_t) {};

struct with_rows : ops_database {
    base::pg::connection admin = database.admin();
    base::pg::connection on = database.as("nd_operator");
    std::string a{must_run({"tenant", "create", "a"}).at("tenant_id").as_string()};
    std::string b{must_run({"tenant", "create", "b"}).at("tenant_id").as_string()};

    // `count` events of each of ann, ben and nobody, over three weeks, of both tenants.
    explicit with_rows(int count) {
        must_run({"partitions"});
        must(admin,
             fmt::format("insert into nd.events select t, gen_random_uuid(), now() - n * "
                         "interval '1 minute', now() - interval '1 hour', 'live', 'x', null, "
                         "u, null, '{{}}' from unnest(array['{}','{}']::uuid[]) t, "
                         "unnest(array['ann','ben',null]) u, generate_series(1, {}) n",
                         a, b, count));
    }
    std::int64_t rows(const std::string& tenant, const std::string& whose) {
        return number(admin,
                      fmt::format("select count(*) from nd.events where tenant_id = '{}' and "
                                  "coalesce(user_id, '') = '{}'",
                                  tenant, whose));
    }
    ops::erasure person(const std::string& user) const {
        return ops::erasure_of(*schema::parse_tenant_id(a), user, pepper);
    }
};

}  // namespace

TEST_CASE("a person's rows go, all of them and nobody else's; later ones stay") {
    with_rows w(8'000);
    const auto what = w.person("ann");
    CHECK(ops::count_rows(w.on, what).value() == 8'000);
    REQUIRE(ops::put_tombstone(w.on, what).has_value());
    must(w.admin,
         fmt::format("insert into nd.events values ('{}', gen_random_uuid(), now(), now() + "
                     "interval '1 minute', 'live', 'x', null, 'ann', null, '{{}}')",
                     w.a));
    must(w.admin,
         "insert into nd.events_staging select distinct on (tenant_id, user_id) * from "
         "nd.events where received_at < now() and user_id is not null and (user_id = 'ann' "
         "or tenant_id = '" +
             w.a + "')");
    int shown = 0;
    const auto done = ops::erase_rows(w.on, what, [&](auto, auto) { ++shown; });
    if (done.has_error()) FAIL(done.error().detail);
    CHECK(done->deleted == 8'000);
    CHECK(done->kept == 1);
    CHECK(done->staged == 1);
    CHECK(number(w.admin, "select count(*) from nd.events_staging") == 2);
    CHECK(shown == 3);  // two slices, and a pass that finds nothing
    CHECK(w.rows(w.a, "ann") == 1);
    CHECK(w.rows(w.a, "ben") == 8'000);
    CHECK(w.rows(w.a, "") == 8'000);
    CHECK(w.rows(w.b, "ann") == 8'000);
    const auto again = ops::erase_rows(w.on, what, quietly);
    CHECK(again->deleted == 0);
}

TEST_CASE("pages forget the person's sessions and keep everybody else's; of a tenant all goes") {
    with_rows w(1);
    schema::session_hasher hasher(pepper);
    const auto text = [&](const std::string& tenant, const char* key, const char* one,
                          const char* other) {
        const auto half = [&](const char* id) {
            const auto hash = hasher(*schema::parse_tenant_id(tenant), id);
            return "'\\x" + std::string(hash.half()) + "'::bytea";
        };
        must(w.admin, fmt::format("insert into nd.page_texts values ('{}', sha256('{}'), array[{}, "
                                  "{}])",
                                  tenant, key, half(one), half(other)));
    };
    const auto sessions = [&](const std::string& tenant) {
        return number(w.admin,
                      "select coalesce(sum(cardinality(sessions)), 0) from nd.page_texts "
                      "where tenant_id = '" +
                          tenant + "'");
    };
    for (const auto& tenant : {w.a, w.b}) {
        text(tenant, "one", "ann-1", "ben-1");
        text(tenant, "two", "ann-1", "ann-2");
        text(tenant, "three", "ben-1", "ben-2");
        must(w.admin, fmt::format("insert into nd.page_versions values ('{}', sha256('v'), '/a', "
                                  "'[]', now(), now())",
                                  tenant));
    }
    must(w.admin,
         "insert into nd.events select tenant_id, gen_random_uuid(), now(), now(), 'live', "
         "'x', s, left(s, 3), null, '{}' from (select distinct tenant_id from nd.events) t, "
         "unnest(array['ann-1', 'ann-2', 'ben-1']) s");
    CHECK(ops::erase_pages(w.on, w.person("ann"), pepper).value() == 2);
    CHECK(sessions(w.a) == 3);
    CHECK(sessions(w.b) == 6);
    CHECK(ops::erase_pages(w.on, w.person("ann"), pepper).value() == 0);
    const auto whole = ops::erasure_of(*schema::parse_tenant_id(w.a), std::nullopt, pepper);
    CHECK(ops::erase_pages(w.on, whole, pepper).value() == 1);
    CHECK(sessions(w.a) == 0);
    CHECK(number(w.admin, "select count(*) from nd.page_versions") == 1);
}

TEST_CASE("a tenant as a whole") {
    with_rows w(100);
    const auto what = ops::erasure_of(*schema::parse_tenant_id(w.a), {}, pepper);
    REQUIRE(ops::put_tombstone(w.on, what).has_value());
    CHECK(ops::erase_rows(w.on, what, quietly)->deleted == 300);
    CHECK(number(w.admin, "select count(*) from nd.events") == 300);
    CHECK(w.rows(w.b, "ben") == 100);
}

TEST_CASE("the tombstone's instant only ever moves forward") {
    with_rows w(1);
    const auto what = w.person("ann");
    const auto first = ops::put_tombstone(w.on, what);
    const auto second = ops::put_tombstone(w.on, what);
    REQUIRE(second.has_value());
    CHECK(*first < *second);
    must(w.admin, "update nd.erasures set erased_at = '2090-01-01'");
    CHECK(ops::put_tombstone(w.on, what).value() == "2090-01-01T00:00:00.000000Z");
    CHECK(number(w.admin, "select count(*) from nd.erasures") == 1);
}

TEST_CASE("receipts of the person say erased, those of others and later ones do not") {
    with_rows w(1);
    const auto what = w.person("ann");
    const auto hash = "decode('" + base::to_hex([&] {
                          base::sha256_digest digest{};
                          std::copy(what.hash.begin(), what.hash.end(), digest.begin());
                          return digest;
                      }()) +
                      "', 'hex')";
    must(w.admin,
         fmt::format("insert into nd.receipts select '{0}', gen_random_uuid(), h, now() + at, "
                     "'{{[0,4)}}', '{{[4,5)}}' from unnest(array[{1}, '']) h, "
                     "unnest(array['-1 hour', '1 hour']::interval[]) at",
                     w.a, hash));
    REQUIRE(ops::put_tombstone(w.on, what).has_value());
    CHECK(ops::erase_receipts(w.on, what).value() == 1);
    CHECK(ops::erase_receipts(w.on, what).value() == 0);
    CHECK(number(w.admin, "select count(*) from nd.receipts where erased = '{[0,5)}'") == 1);
    CHECK(number(w.admin, "select count(*) from nd.receipts where isempty(erased)") == 3);
}

TEST_CASE("it waits for statements of the writer's role that began before, and for no others") {
    with_rows w(1);
    auto watching = w.database.as("nd_writer");
    CHECK(ops::wait_for_writers(watching, 1s).has_value());
    auto idle = w.database.as("nd_writer");
    auto reading = w.database.as("nd_reader");
    must(reading, "begin; select 1");
    CHECK(ops::wait_for_writers(watching, 1s).has_value());
    auto busy = w.database.as("nd_writer");
    must(busy, "begin; select 1");
    const auto cut_short = ops::wait_for_writers(watching, 300ms);
    REQUIRE(cut_short.has_error());
    CHECK(cut_short.error().code == base::errc::unavailable);
    std::thread ends([&] {
        std::this_thread::sleep_for(500ms);
        must(busy, "commit");
    });
    const auto begun = std::chrono::steady_clock::now();
    CHECK(ops::wait_for_writers(watching, 10s).has_value());
    CHECK(std::chrono::steady_clock::now() - begun >= 400ms);
    ends.join();
}

TEST_CASE("erase refuses what would erase something else than was meant, and changes nothing") {
    with_rows w(1);
    w.settings.kafka = "127.0.0.1:1";
    const auto refused = [&](std::vector<std::string> more, exit_status status,
                             const std::string& word) {
        more.insert(more.begin(), "erase");
        const auto said = w.run(more);
        CAPTURE(said.err);
        CHECK(said.status == status);
        CHECK(said.err.find(word) != std::string::npos);
    };
    refused({"--tenant", w.a, "--user", ""}, exit_status::usage, "--user is empty");
    refused({"--tenant", w.a, "--user", std::string(257, 'u')}, exit_status::usage, "longer");
    refused({"--tenant", "not-a-uuid"}, exit_status::usage, "UUID");
    refused({"--tenant", "aa000000-0000-4000-8000-000000000001"}, exit_status::finding,
            "no tenant");
    refused({"--user", "ann"}, exit_status::usage, "--tenant");
    refused({"--tenant", w.a}, exit_status::unreachable, "Kafka");
    CHECK(number(w.admin, "select count(*) from nd.erasures") == 0);
    CHECK(number(w.admin, "select count(*) from nd.events") == 6);
    const auto dry = w.must_run({"erase", "--tenant", w.a, "--user", "ann", "--dry-run"});
    CHECK(dry.at("rows").as_int64() == 1);
    CHECK(w.must_run({"erase", "--tenant", w.a, "--dry-run"}).at("rows").as_int64() == 3);
    CHECK(number(w.admin, "select count(*) from nd.erasures") == 0);
}
