// ndctl audit against the whole system: equal when nothing is wrong, and each way of losing,
// inventing or changing an event is named.
#include "tests/e2e/audited_system.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <atomic>
#include <thread>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

TEST_CASE("everything that got a 202 is there: both sides are equal, and repeats are told apart") {
    audited_tenants world;
    const auto& a = world.a;
    const auto& b = world.b;
    for (int i = 0; i < 5; ++i) {
        world.send(0, 40);
        world.send(1, 7);
    }
    const auto id = fresh_uuid();
    const auto at = now_text();
    for (const char* name : {"first", "first", "other"}) {
        const auto body = R"({"events":[{"event_id":")" + id + R"(","name":")" + name +
                          R"(","occurred_at":")" + at + R"("}]})";
        REQUIRE(world.oracle.send_body(world.client, world.tenants[0], body, {id}).status == 202);
    }
    world.send(0, 1);
    world.arrive();
    const auto said = world.settled();
    CHECK(said.status == 0);
    CHECK(said.said.at("equal").as_bool());
    CHECK(said.count(a, "records") == 204);
    CHECK(said.count(a, "distinct") == 202);
    CHECK(said.count(a, "rows") == 202);
    CHECK(said.count(a, "repeats") == 2);
    CHECK(said.count(a, "conflicts") == 1);
    CHECK(said.count(b, "rows") == 35);
    CHECK(said.of(a).at("kafka_digest") == said.of(a).at("postgres_digest"));
    CHECK(said.of(a).at("kafka_digest") != said.of(b).at("kafka_digest"));

    const auto one = audit(world.range + "--tenant " + b);
    CHECK(one.status == 0);
    CHECK(one.said.at("tenants").as_array().size() == 1);
    CHECK(one.of(b).at("postgres_digest") == said.of(b).at("postgres_digest"));
    // The whole log, which other tests have filled too.
    const auto whole = audit("");
    CHECK_MESSAGE(whole.status == 0, json::serialize(whole.said.at("differences")));
}

TEST_CASE("a row that is gone, one too many and one that was changed are each named") {
    audited_tenants world;
    const auto& a = world.a;
    world.send(0, 30);
    world.send(1, 10);
    world.arrive();
    REQUIRE(world.settled().status == 0);
    const auto ids = visible_ids(the_system(), a);

    as_superuser("delete from nd.events where event_id = '" + ids[3] + "'");
    auto said = world.settled();
    CHECK(said.status == 1);
    CHECK(said.differences() == std::vector<std::string>{"missing " + ids[3]});
    const auto& missing = said.said.at("differences").at(0).as_object();
    CHECK(missing.at("tenant_id").as_string() == a);
    CHECK(missing.at("topic").as_string() == "nd.events.v1");
    CHECK(missing.at("offset").to_number<std::int64_t>() >= 0);
    CHECK(said.count(a, "missing") == 1);
    CHECK(said.count(world.b, "missing") == 0);
    CHECK(said.of(world.b).at("equal").as_bool());

    // The same event by its offsets.
    const auto partition = std::to_string(missing.at("partition").to_number<int>());
    const auto offset = missing.at("offset").to_number<std::int64_t>();
    const auto exact = audit("--from-offset " + partition + ":" + std::to_string(offset) +
                             " --to-offset " + partition + ":" + std::to_string(offset + 1));
    CHECK(exact.status == 1);
    CHECK(exact.differences() == std::vector<std::string>{"missing " + ids[3]});

    const auto invented = fresh_uuid();
    as_superuser("insert into nd.events select tenant_id, '" + invented +
                 "', occurred_at, received_at, environment, name, session_id, user_id, page, "
                 "properties from nd.events where event_id = '" +
                 ids[4] + "'");
    said = world.settled();
    CHECK(said.status == 1);
    CHECK(said.differences() ==
          std::vector<std::string>{"missing " + ids[3], "spurious " + invented});

    const auto changed = fresh_uuid();
    as_superuser("update nd.events set event_id = '" + changed + "' where event_id = '" + ids[5] +
                 "'");
    as_superuser(
        "update nd.events set occurred_at = occurred_at + interval '1 microsecond' where "
        "event_id = '" +
        ids[6] + "'");
    said = world.settled();
    auto expected = std::vector<std::string>{"missing " + ids[3],   "missing " + ids[5],
                                             "missing " + ids[6],   "spurious " + invented,
                                             "spurious " + changed, "spurious " + ids[6]};
    std::sort(expected.begin(), expected.end());
    CHECK(said.differences() == expected);
    CHECK(audit(world.range + "--list 2").said.at("differences").as_array().size() == 2);
    CHECK(audit(world.range + "--list 2").number("differences_left_out") == 4);
    // A row of a tenant that has no record at all.
    const auto stranger = make_tenants(the_system(), 1).at(0).tenant;
    as_superuser("insert into nd.events select '" + stranger +
                 "', event_id, occurred_at, received_at, environment, name, session_id, user_id, "
                 "page, properties from nd.events where event_id = '" +
                 ids[4] + "'");
    said = audit(world.range + "--tenant " + stranger);
    CHECK(said.status == 1);
    CHECK(said.differences() == std::vector<std::string>{"spurious " + ids[4]});
    // Leave the system as its records want it.
    as_superuser("delete from nd.events where tenant_id in ('" + a + "', '" + stranger + "')");
    as_superuser("delete from nd.progress");
    the_system().stop("nd-writer");
    the_system().start("nd-writer");
    REQUIRE(world.oracle.all_arrive(60s));
    CHECK(eventually(20s, [&] { return audit(world.range).status == 0; }));
}

TEST_CASE("a dead letter accounts for its event: open, dropped, and replayed until it is a row") {
    audited_tenants world;
    const auto& a = world.a;
    const auto& b = world.b;
    world.send(0, 3);
    world.arrive();
    produce({"nd.events.v1", a, "{\"no\":\"event\"}", {{"nd-environment", "live"}}});
    // Fine by our rules, and refused by the database.
    as_superuser(
        "alter table nd.events add constraint no_poison check (name <> 'poison') not valid");
    for (const auto& tenant : {a, b}) {
        produce({"nd.events.v1",
                 tenant,
                 R"({"event_id":")" + fresh_uuid() + R"(","name":"poison","occurred_at":")" +
                     now_text() + "\"}",
                 {{"nd-environment", "live"}}});
    }
    world.send(0, 2);
    world.send(1, 1);
    world.arrive();
    audited said;
    const auto distinct = [&](std::uint64_t of_a, std::uint64_t of_b) {
        return eventually(20s, [&] {
            said = audit(world.range);
            return said.said.contains("total") && said.count(a, "distinct") == of_a &&
                   said.count(b, "distinct") == of_b;
        });
    };
    REQUIRE(distinct(6, 2));
    as_superuser("alter table nd.events drop constraint no_poison");
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(a, "rows") == 5);
    CHECK(said.count(a, "dead") == 1);
    CHECK(said.count(b, "dead") == 1);
    CHECK(said.number("unreadable") == 1);
    CHECK(said.number("unreadable_lost") == 0);
    CHECK(said.of(a).at("kafka_digest") == said.of(a).at("postgres_digest"));

    const auto before = now_text();
    REQUIRE(the_system().ndctl("dead drop --tenant " + b).status == 0);
    the_system().stop("nd-writer");
    REQUIRE(the_system().ndctl("dead replay --reason postgres_23 --tenant " + a).status == 0);
    // Published again and not stored yet: pending, and no finding.
    said = audit(world.range + "--to " + before);
    CHECK_MESSAGE(said.status == 0, json::serialize(said.said));
    CHECK(said.count(a, "pending") == 1);
    CHECK(said.count(a, "dead") == 0);
    CHECK(said.count(a, "distinct") == 5);
    the_system().start("nd-writer");
    // The first time it came is in the range, the second is not.
    CHECK(eventually(20s, [&] {
        said = audit(world.range + "--to " + before);
        return said.status == 0 && said.count(a, "rows") == 6;
    }));
    CHECK(said.count(a, "dead") == 0);
    CHECK(said.count(b, "dead") == 0);
    CHECK(said.count(b, "dropped") == 1);
    // Nor does the row that came by the replay stand alone in a range of its second arrival.
    CHECK(audit("--from " + before).status == 0);
}
