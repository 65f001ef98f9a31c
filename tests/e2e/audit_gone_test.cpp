// ndctl audit tells what is gone on purpose from what is lost.
#include "tests/e2e/audited_system.hpp"

#include "base/pg.hpp"

#include <doctest/doctest.h>
#include <fmt/chrono.h>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <future>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

// While it lives, the row is gone without a reason.
class lost_row {
  public:
    explicit lost_row(const std::string& id) {
        as_superuser("create table public.lost as select * from nd.events where event_id = '" + id +
                     "'; delete from nd.events where event_id = '" + id + "'");
    }
    ~lost_row() {
        as_superuser("insert into nd.events select * from public.lost; drop table public.lost");
    }
    lost_row(const lost_row&) = delete;
    lost_row& operator=(const lost_row&) = delete;
};

std::string body(const std::string& id, const std::string& at, const std::string& user) {
    return R"({"events":[{"event_id":")" + id + R"(","name":"seen","occurred_at":")" + at +
           R"(","user_id":")" + user + R"("}]})";
}

std::string weeks_ago(int weeks) {
    const auto then = std::chrono::system_clock::now() - weeks * 7 * 24h;
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(then)));
}

// Until the audit says so, or 20 s.
bool comes_to(const audited_tenants& world, audited& said, const char* what, std::uint64_t count) {
    return eventually(20s, [&] {
        said = audit(world.range);
        return said.said.contains("total") && said.count(world.a, what) == count;
    });
}

}  // namespace

TEST_CASE(
    "events of an erased person are accounted for, and one that comes afterwards must be there") {
    audited_tenants world;
    for (const char* user : {"anna", "anna", "ben", "anna"}) {
        const auto id = fresh_uuid();
        REQUIRE(
            world.oracle.send_body(world.client, world.tenants[0], body(id, now_text(), user), {id})
                .status == 202);
    }
    world.arrive();
    REQUIRE(world.settled().status == 0);
    const auto erased = the_system().ndctl("erase --tenant " + world.a + " --user anna");
    REQUIRE_MESSAGE(erased.status == 0, erased.output);
    auto said = audit(world.range);
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(world.a, "distinct") == 4);
    CHECK(said.count(world.a, "erased") == 3);
    CHECK(said.count(world.a, "rows") == 1);
    CHECK(said.of(world.a).at("kafka_digest") == said.of(world.a).at("postgres_digest"));

    const auto id = fresh_uuid();
    REQUIRE(
        world.oracle.send_body(world.client, world.tenants[0], body(id, now_text(), "anna"), {id})
            .status == 202);
    REQUIRE(comes_to(world, said, "distinct", 5));
    CHECK(said.status == 0);
    CHECK(said.count(world.a, "rows") == 2);
    const lost_row lost(id);
    said = audit(world.range);
    CHECK(said.status == 1);
    CHECK(said.differences() == std::vector<std::string>{"missing " + id});

    const auto file = the_system().run_dir() + "/other-pepper";
    const auto made = the_system().run("umask 077; head -c 40 /dev/urandom > '" + file + "'");
    REQUIRE(made.status == 0);
    const auto other_pepper =
        the_system().ndctl("audit " + world.range + "--key-pepper-file '" + file + "'");
    CHECK_MESSAGE(other_pepper.status == 1, other_pepper.output);
    CHECK(other_pepper.output.find("another pepper") != std::string::npos);
}

TEST_CASE("what is erased while an audit runs is no finding of it") {
    audited_tenants world;
    // One event came before the range already: so the sums differ, and all are looked up.
    const auto id = fresh_uuid();
    const auto repeated = body(id, now_text(), "anna");
    REQUIRE(world.oracle.send_body(world.client, world.tenants[0], repeated, {id}).status == 202);
    std::this_thread::sleep_for(5ms);
    world.range = "--from " + now_text() + " ";
    std::this_thread::sleep_for(5ms);
    REQUIRE(world.oracle.send_body(world.client, world.tenants[0], repeated, {id}).status == 202);
    world.send(0, 6);
    world.send(1, 2);
    world.arrive();
    REQUIRE(world.settled().status == 0);
    // The audit has read the tombstones that there are, and waits for the sums.
    auto on = nd::base::pg::connection::open(the_system()["ND_ADMIN_DATABASE_URL"]).value();
    REQUIRE(on.exec_script("begin; lock table nd.events in access exclusive mode").has_value());
    auto running = std::async(std::launch::async, [&world] { return audit(world.range); });
    const bool waits = eventually(20s, [] {
        auto other = nd::base::pg::connection::open(the_system()["ND_ADMIN_DATABASE_URL"]).value();
        const auto found = other.exec(nd::base::pg::statement(
            "select count(*) as n from pg_locks l join pg_stat_activity a using (pid) where not "
            "l.granted and a.usename = 'nd_operator' and l.relation = 'nd.events'::regclass"));
        return found && (*found)[0].integer("n") > 0;
    });
    CHECK(waits);
    const auto erased = on.exec_script("insert into nd.erasures values ('" + world.a +
                                       "', '', '', now()); delete from nd.events where tenant_id "
                                       "= '" +
                                       world.a + "'; commit");
    CHECK_MESSAGE(erased.has_value(), erased.error().detail);
    const auto said = running.get();
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(world.a, "erased") == 7);
    CHECK(said.count(world.b, "rows") == 2);
}

TEST_CASE("events of a week that was dropped have expired, unless they came after that") {
    audited_tenants world;
    world.send(0, 2);
    const auto at = weeks_ago(9);
    const auto early = fresh_uuid();
    REQUIRE(world.oracle.send_body(world.client, world.tenants[0], body(early, at, "anna"), {early})
                .status == 202);
    world.arrive();
    REQUIRE(world.settled().status == 0);
    REQUIRE(the_system().ndctl("partitions").status == 0);
    const auto dropped = the_system().ndctl("partitions drop --older-than 8w");
    REQUIRE_MESSAGE(dropped.status == 0, dropped.output);
    auto said = audit(world.range);
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(world.a, "expired") == 1);
    CHECK(said.count(world.a, "rows") == 2);

    const auto late = fresh_uuid();
    REQUIRE(world.oracle.send_body(world.client, world.tenants[0], body(late, at, "anna"), {late})
                .status == 202);
    REQUIRE(comes_to(world, said, "distinct", 4));
    CHECK(said.status == 0);
    CHECK(said.count(world.a, "rows") == 3);
    const lost_row lost(late);
    CHECK(audit(world.range).differences() == std::vector<std::string>{"missing " + late});
}
