// What an audit says, and its exit code.
#include "ops/audit_report.hpp"

#include <doctest/doctest.h>

using namespace nd;
using namespace nd::ops;

namespace {

schema::tenant_id tenant(std::uint8_t number) {
    schema::tenant_id made;
    made.value.bytes[15] = number;
    return made;
}

audit_result result() {
    audit_result made;
    made.scope.from = schema::instant{1'793'577'600'000'000};
    made.scope.sources = {{"nd.events.v1", 0, 10, 20, 20}, {"nd.events.v1", 1, 5, 5, 5}};
    for (std::uint8_t i = 1; i <= 30; ++i) {
        auto& one = made.accounts[tenant(i)];
        one.due.add(i);
        one.arrived.add(i);
        one.records = 1;
    }
    return made;
}

}  // namespace

TEST_CASE("equal tenants are not listed without end in the text, but all are in the JSON") {
    const auto said = to_report(result());
    CHECK(said.status == exit_status::fine);
    CHECK(said.data.at("equal").as_bool());
    CHECK(said.data.at("tenants").as_array().size() == 30);
    CHECK(said.data.at("total").at("distinct").as_uint64() == 30);
    CHECK(said.data.at("total").at("kafka_digest") == said.data.at("total").at("postgres_digest"));
    CHECK(said.text.find("10 tenants more are equal") != std::string::npos);
    CHECK(said.text.find("partition 0: records 10 to 20, stored until 20") != std::string::npos);
    CHECK(said.text.find("Equal: 30 events of 30 tenants") != std::string::npos);
}

TEST_CASE("a difference is named with its place, and the exit code is 1") {
    auto made = result();
    auto& one = made.accounts[tenant(29)];
    one.looked_up = true;
    one.arrived = {};
    one.missing = one.due;
    made.differences.push_back(
        {difference::kind::missing, tenant(29), schema::event_id{}, 5, 0, 17, 0});
    made.differences.push_back(
        {difference::kind::spurious, tenant(3), schema::event_id{}, 5, 0, 0, 9});
    made.differences_left_out = 4;
    const auto said = to_report(made);
    CHECK(said.status == exit_status::finding);
    CHECK(said.text.find("NOT EQUAL") != std::string::npos);
    CHECK(said.text.find("nd.events.v1 partition 0 offset 17") != std::string::npos);
    CHECK(said.text.find("a row received at 1970-01-01T00:00:00.000009Z") != std::string::npos);
    CHECK(said.text.find("and 4 more") != std::string::npos);
    CHECK(said.text.find(schema::to_string(tenant(29))) != std::string::npos);
    const auto& listed = said.data.at("differences").as_array();
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].at("what").as_string() == "missing");
    CHECK(listed[0].at("offset").as_int64() == 17);
    CHECK_FALSE(listed[1].as_object().contains("offset"));
    CHECK(said.data.at("total").at("missing").as_uint64() == 1);
}

TEST_CASE("a record that names no event is a finding only without a dead letter") {
    auto made = result();
    made.unreadable = 2;
    CHECK(to_report(made).status == exit_status::fine);
    CHECK(to_report(made).text.find("2 records name no event: 2 dead letters") !=
          std::string::npos);
    made.unreadable_lost = 1;
    CHECK(to_report(made).status == exit_status::finding);
}
