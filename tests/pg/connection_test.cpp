// base/pg itself: values there and back, what an error becomes, deadlines, transactions,
// notifications. Directly and, where it makes a difference, through PgBouncer.
#include "base/pg_array.hpp"
#include "base/pg_error.hpp"
#include "tests/pg/batch.hpp"
#include "tests/pg/database.hpp"

#include <doctest/doctest.h>

using namespace nd::tests;
using namespace std::chrono_literals;
using nd::base::errc;
namespace pg = nd::base::pg;

TEST_CASE("every kind of parameter arrives as it was, and comes back") {
    const test_database database;
    for (pg::connection& on : database.both("nd_reader")) {
        const std::vector<std::uint8_t> bytes{0, 1, '\\', '\'', 255};
        const auto said = on.exec(
            pg::statement(
                "select $1::text as text, $2::bigint as number, $3::boolean as yes, $4::bytea as "
                "bytes, "
                "$5::uuid as uuid, $6::text as nothing, $7::text as something, $8::int as narrow"),
            "it's \xC3\xA9 \\ \"", std::int64_t{-9'223'372'036'854'775'807}, true,
            std::span<const std::uint8_t>(bytes), to_text(tenant_a), nullptr,
            std::optional<std::string>("x"), std::uint16_t{7});
        REQUIRE_MESSAGE(said.has_value(), said.error().detail);
        const pg::row one = (*said)[0];
        CHECK(one.text("text") == "it's \xC3\xA9 \\ \"");
        CHECK(one.integer("number") == -9'223'372'036'854'775'807);
        CHECK(one.boolean("yes"));
        CHECK(one.bytea("bytes") == bytes);
        CHECK(one.text("uuid") == to_text(tenant_a));
        CHECK(one.is_null("nothing"));
        CHECK_FALSE(one.optional_text("nothing").has_value());
        CHECK(one.optional_text("something") == "x");
        CHECK(one.optional_integer("narrow") == 7);
        CHECK_THROWS_AS(static_cast<void>(one.text("nothing")), std::logic_error);
        CHECK_THROWS_AS(static_cast<void>(one.text("no such column")), std::logic_error);
        CHECK_THROWS_AS(static_cast<void>((*said)[1]), std::logic_error);
    }
}

TEST_CASE(
    "arrays of every type arrive in binary with their NULLs, also empty and also again after "
    "clear") {
    const test_database database;
    auto on = database.as("nd_reader");
    pg::uuid_array uuids;
    pg::timestamptz_array times;
    pg::text_array texts;
    pg::int4_array narrow;
    pg::int8_array wide;
    pg::bytea_array bytes;
    const pg::statement show(
        "select $1::uuid[]::text as uuids, (select array_agg(extract(epoch from t) * "
        "1000000)::numeric(30, 0)[] from "
        "unnest($2::timestamptz[]) t)::text as times, $3::text[] as texts, $4::int[] as narrow, "
        "$5::bigint[]::text as wide, $6::bytea[]::text as bytes");
    for (int round = 0; round < 2; ++round) {
        uuids.clear();
        uuids.add_null();
        uuids.add(tenant_a);
        times.clear();
        times.add(monday + 1);
        times.add(-1);
        texts.clear();
        texts.add(std::string_view(""));
        texts.add(std::string_view("NULL"));
        texts.add(std::string_view("a,\"b\" \\{}\xC3\xA9"));
        narrow.clear();
        narrow.add(-2'147'483'647 - 1);
        narrow.add(2'147'483'647);
        wide.clear();
        wide.add_null();
        wide.add(std::int64_t{1} << 62);
        bytes.clear();
        bytes.add(std::array<std::uint8_t, 2>{0, 255});
        const auto said = on.exec(show, uuids, times, texts, narrow, wide, bytes);
        REQUIRE_MESSAGE(said.has_value(), said.error().detail);
        const pg::row one = (*said)[0];
        CHECK(one.text("uuids") == "{NULL," + to_text(tenant_a) + "}");
        CHECK(one.text("times") == "{1793577600000001,-1}");
        CHECK(one.texts("texts") == std::vector<std::string>{"", "NULL", "a,\"b\" \\{}\xC3\xA9"});
        CHECK(one.integers("narrow") == std::vector<std::int64_t>{-2'147'483'648, 2'147'483'647});
        CHECK(one.text("wide") == "{NULL,4611686018427387904}");
        CHECK(one.text("bytes") == "{\"\\\\x00ff\"}");
    }
    const auto empty =
        on.exec(pg::statement("select $1::uuid[] = '{}' and cardinality($1::uuid[]) = 0 as none"),
                pg::uuid_array());
    REQUIRE(empty.has_value());
    CHECK((*empty)[0].boolean("none"));
}

TEST_CASE("a text with a NUL is refused instead of being cut short") {
    const test_database database;
    auto on = database.as("nd_reader");
    const auto said = on.exec(pg::statement("select $1::text"), std::string("a\0b", 3));
    REQUIRE(said.has_error());
    CHECK(said.error().code == errc::data);
    CHECK(on.exec(pg::statement("select 1")).has_value());
}

TEST_CASE(
    "an error carries its SQLSTATE and class, quotes no row, and leaves the connection usable") {
    const test_database database;
    for (pg::connection& on : database.both("nd_writer")) {
        const auto division = on.exec(pg::statement("select 1 / 0"));
        CHECK(division.error().sqlstate == "22012");
        CHECK(division.error().code == errc::data);
        const auto rights = on.exec(pg::statement("select * from nd.tenants"));
        CHECK(rights.error().code == errc::refused);
        const auto row =
            on.exec(pg::statement("select nd.write_progress('c', 't', '{0}', '{0}', '{-7}')"));
        CHECK(row.error().sqlstate == "23514");
        CHECK(row.error().detail.find("-7") == std::string::npos);
        CHECK(on.usable());
        CHECK(on.exec(pg::statement("select 1")).has_value());
    }
}

TEST_CASE("sixteen megabytes go through in one parameter") {
    const test_database database;
    for (pg::connection& on : database.both("nd_reader")) {
        const std::vector<std::uint8_t> much(16 << 20, 'x');
        const auto said = on.exec(pg::statement("select length($1::bytea) as length"),
                                  std::span<const std::uint8_t>(much));
        REQUIRE_MESSAGE(said.has_value(), said.error().detail);
        CHECK((*said)[0].integer("length") == 16 << 20);
    }
}

TEST_CASE("a server that does not answer is given up at the deadline, and the connection with it") {
    const test_database database;
    auto on = database.as("nd_reader");
    on.set_deadline(300ms);
    const auto before = std::chrono::steady_clock::now();
    const auto said = on.exec(pg::statement("select pg_sleep(30)"));
    REQUIRE(said.has_error());
    CHECK(said.error().code == errc::unavailable);
    CHECK(said.error().sqlstate == "08006");
    CHECK(std::chrono::steady_clock::now() - before < 5s);
    CHECK_FALSE(on.usable());
    CHECK(on.exec(pg::statement("select 1")).error().code == errc::unavailable);
}

TEST_CASE("a connection that the server ends is unavailable, not an error of the statement") {
    const test_database database;
    auto on = database.as("nd_reader");
    auto admin = database.admin();
    must(admin,
         "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nd_reader' and "
         "datname = current_database()");
    const auto said = on.exec(pg::statement("select 1"));
    REQUIRE(said.has_error());
    CHECK(said.error().code == errc::unavailable);
    CHECK_FALSE(on.usable());
    CHECK(on.wait_notification(10ms).has_error());
}

TEST_CASE("nobody at home is unavailable, and the reason holds no password") {
    const auto opened =
        pg::connection::open("postgresql://nd_reader:secret-word@127.0.0.1:1/nothing");
    REQUIRE(opened.has_error());
    CHECK(opened.error().code == errc::unavailable);
    CHECK(opened.error().detail.find("secret-word") == std::string::npos);
    CHECK(pg::connection::open("").error().code == errc::invalid);
}

TEST_CASE("a server that refuses the connection says why, and only that is worth a person's look") {
    const test_database database;
    auto admin = database.admin();
    const auto url = database.url("nd_reader");  // words; the last of a kind counts
    const auto state_when_opening = [](const std::string& at) {
        const auto opened = pg::connection::open(at);
        REQUIRE(opened.has_error());
        CHECK(opened.error().code == nd::base::pg::errc_of_sqlstate(opened.error().sqlstate));
        CHECK(opened.error().detail.find("failed: ") != std::string::npos);
        return opened.error().sqlstate;
    };
    CHECK(state_when_opening(url + " password=x") == "28P01");
    CHECK(state_when_opening(url + " user=nd_nobody") == "28P01");
    CHECK(state_when_opening(url + " dbname=nothing") == "3D000");
    must(admin, "revoke connect on database " + database.name() + " from public, nd_reader");
    CHECK(state_when_opening(url) == "42501");
    must(admin, "grant connect on database " + database.name() + " to nd_reader");
    CHECK(pg::connection::open(url).has_value());
    must(admin, "alter database " + database.name() + " connection limit 0");
    CHECK(state_when_opening(url) == "53300");
}

TEST_CASE(
    "a transaction that is not committed leaves nothing, one that failed cannot be committed") {
    const test_database database;
    for (pg::connection& on : database.both("nd_operator")) {
        const pg::statement add("insert into nd.tenants (name) values ($1)");
        const pg::statement count("select count(*) as n from nd.tenants");
        const std::int64_t before = (*on.exec(count))[0].integer("n");
        {
            auto left = pg::transaction::begin(on);
            REQUIRE(left->exec(add, "left").has_value());
        }
        {
            auto failed = pg::transaction::begin(on);
            CHECK(failed->exec(add, "").error().sqlstate == "23514");
            CHECK(failed->commit().error().code == errc::internal);
        }
        CHECK((*on.exec(count))[0].integer("n") == before);
        auto kept = pg::transaction::begin(on);
        REQUIRE(kept->exec(add, "kept" + std::to_string(before)).has_value());
        REQUIRE(kept->commit().has_value());
        CHECK((*on.exec(count))[0].integer("n") == before + 1);
    }
}

TEST_CASE("a tenant's transaction has its tenant, and the connection has none afterwards") {
    const test_database database;
    for (pg::connection& on : database.both("nd_reader")) {
        const pg::statement tenant_now(
            "select coalesce(current_setting('app.tenant_id', true), '') as tenant");
        {
            auto tx = pg::tenant_tx::begin(on, to_text(tenant_b));
            REQUIRE_MESSAGE(tx.has_value(), tx.error().detail);
            const auto said =
                tx->exec(pg::tenant_statement("select current_setting('app.tenant_id') as tenant"));
            CHECK((*said)[0].text("tenant") == to_text(tenant_b));
            REQUIRE(tx->commit().has_value());
        }
        CHECK((*on.exec(tenant_now))[0].text("tenant").empty());
        CHECK(pg::tenant_tx::begin(on, "'; drop table nd.events; --").error().sqlstate == "22P02");
        CHECK((*on.exec(tenant_now))[0].text("tenant").empty());
    }
}

TEST_CASE("a notification arrives within its timeout; a channel is a plain identifier") {
    const test_database database;
    auto on = database.as("nd_ingest");
    CHECK(on.listen("x; drop table y").error().code == errc::invalid);
    REQUIRE(on.listen("nd_control").has_value());
    const auto silence = on.wait_notification(20ms);
    REQUIRE(silence.has_value());
    CHECK_FALSE(silence->has_value());
    auto other = database.as("nd_operator");
    must(other, "notify nd_control, 'hello'");
    const auto heard = on.wait_notification(5000ms);
    REQUIRE(heard.has_value());
    REQUIRE(heard->has_value());
    CHECK((*heard)->payload == "hello");
}

TEST_CASE("the application's name is what the server shows, unless the URL says another") {
    const test_database database;
    const auto named = [&](const std::string& url) {
        auto on = pg::connection::open(url, {.application_name = "nd-some-program"});
        return std::string(
            (*on->exec(pg::statement("show application_name")))[0].text("application_name"));
    };
    CHECK(named(database.url("nd_reader")) == "nd-some-program");
    CHECK(named(database.pooled_url("nd_reader")) == "nd-some-program");
    CHECK(named(database.url("nd_reader") + " application_name=other") == "other");
}
