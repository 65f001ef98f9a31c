// ndctl audit of a log that changes its shape: one partition more, and records that retention has
// cut. Nothing can be audited as a whole afterwards, so these are the last cases of their program.
#include "tests/e2e/audited_system.hpp"
#include "tests/e2e/kafka_admin.hpp"

#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>
#include <boost/json/value_to.hpp>

using namespace nd::tests;
using namespace std::chrono_literals;
namespace json = boost::json;

namespace {

void refused(const std::string& arguments, const std::string& reason) {
    const auto said = audit(arguments);
    CAPTURE(json::serialize(said.said));
    CHECK(said.status == 1);
    REQUIRE(said.said.contains("error"));
    const auto detail = json::value_to<std::string>(said.said.at("error").at("detail"));
    CHECK(detail.find(reason) != std::string::npos);
}

}  // namespace

TEST_CASE("a topic that grew a partition is audited in all of them") {
    const audited_tenants world;
    const auto partition = grow_topic(the_system(), "nd.events.v1");
    the_system().stop("nd-writer");
    the_system().start("nd-writer");
    constexpr int events = 80;
    for (int i = 0; i < events; ++i) {
        produce({"nd.events.v1",
                 fresh_uuid(),  // a tenant of its own
                 R"({"event_id":")" + fresh_uuid() + R"(","name":"seen","occurred_at":")" +
                     now_text() + "\"}",
                 {{"nd-environment", "live"}}});
    }
    audited said;
    CHECK(eventually(60s, [&] {
        said = audit(world.range);
        return said.said.contains("total") &&
               said.said.at("total").at("distinct").to_number<int>() == events;
    }));
    CAPTURE(json::serialize(said.said));
    REQUIRE(said.said.contains("total"));
    CHECK(said.status == 0);
    CHECK(said.said.at("total").at("rows").to_number<int>() == events);
    bool read = false;
    for (const auto& one : said.said.at("range").at("partitions").as_array()) {
        read = read || (one.at("topic").as_string() == "nd.events.v1" &&
                        one.at("partition").to_number<int>() == partition &&
                        one.at("end").to_number<int>() > 0);
    }
    CHECK(read);
}

TEST_CASE("what retention has cut is refused, and the answer says since when the log is whole") {
    audited_tenants world;
    world.send(0, 10);
    world.arrive();
    const auto said = world.settled();
    REQUIRE(said.status == 0);
    std::string partition;
    for (const auto& one : said.said.at("range").at("partitions").as_array()) {
        const auto end = one.at("end").to_number<std::int64_t>();
        if (end <= one.at("begin").to_number<std::int64_t>()) continue;
        const auto number = one.at("partition").to_number<int>();
        cut_log(the_system(), "nd.events.v1", number, end - 1);
        partition = std::to_string(number);
    }
    REQUIRE_FALSE(partition.empty());
    refused("", "since retention has cut what was before: say with --from");
    refused(world.range, "it is whole from ");
    refused("--from-offset " + partition + ":0", "offset 0 is gone");
}
