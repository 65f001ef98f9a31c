#include "ops/topic_plan.hpp"

#include <doctest/doctest.h>

using namespace nd;

namespace {

base::topic_facts as_planned(const ops::topic_plan& plan) {
    return {plan.name, true, plan.partitions, plan.replication, plan.config};
}

std::vector<std::string> codes(const ops::findings& found) {
    std::vector<std::string> list;
    for (const auto& one : found)
        list.push_back(one.code);
    return list;
}

}  // namespace

TEST_CASE(
    "the plan is the design's: LogAppendTime, 2 MiB, a week, three replicas of which two "
    "acknowledge") {
    const auto plans = ops::planned_topics(false, 8);
    REQUIRE(plans.size() == 5);
    CHECK(plans[0].name == "nd.events.v1");
    CHECK(plans[1].name == "nd.pages.v1");
    CHECK(plans[2].name == "nd.dead.v1");
    CHECK(plans[3].name == "nd.import.v1");
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(plans[i].partitions == 8);
        CHECK(plans[i].replication == 3);
        CHECK(plans[i].config.at("message.timestamp.type") == "LogAppendTime");
        CHECK(plans[i].config.at("max.message.bytes") == "2097152");
        CHECK(plans[i].config.at("retention.ms") == "604800000");
        CHECK(plans[i].config.at("min.insync.replicas") == "2");
    }
    CHECK(plans[4].partitions == 1);
    const auto single = ops::planned_topics(true, 8);
    CHECK(single[0].replication == 1);
    CHECK(single[0].config.at("min.insync.replicas") == "1");
}

TEST_CASE("a topic as planned has no finding, and one that is safer than planned has none either") {
    for (const auto& plan : ops::planned_topics(false, 8))
        CHECK(ops::check_topic(plan, as_planned(plan), true).empty());
    const auto plan = ops::planned_topics(false, 8)[0];
    auto safer = as_planned(plan);
    safer.replication = 5;
    safer.partitions = 64;
    safer.config["retention.ms"] = "-1";
    safer.config["max.message.bytes"] = "4194304";
    safer.config["min.insync.replicas"] = "3";
    CHECK(ops::check_topic(plan, safer, false).empty());
}

TEST_CASE("each setting that is worse than planned is one finding with its own code") {
    const std::pair<std::pair<const char*, const char*>, const char*> table[] = {
        {{"message.timestamp.type", "CreateTime"}, "topic_timestamp_type"},
        {{"max.message.bytes", "1048588"}, "topic_message_size"},
        {{"retention.ms", "86400000"}, "topic_retention"},
        {{"retention.bytes", "1000000000"}, "topic_retention_bytes"},
        {{"min.insync.replicas", "1"}, "topic_min_insync"},
        {{"cleanup.policy", "compact"}, "topic_cleanup"},
        {{"unclean.leader.election.enable", "true"}, "topic_unclean_election"},
    };
    const auto plan = ops::planned_topics(false, 8)[0];
    for (const auto& [setting, code] : table) {
        CAPTURE(setting.first);
        auto state = as_planned(plan);
        state.config[setting.first] = setting.second;
        const auto found = ops::check_topic(plan, state, true);
        REQUIRE(codes(found) == std::vector<std::string>{code});
        CHECK(found[0].detail.find(setting.second) != std::string::npos);
        CHECK(found[0].fix.find(setting.first) != std::string::npos);
        state.config.erase(setting.first);
        CHECK(codes(ops::check_topic(plan, state, true)) == std::vector<std::string>{code});
    }
}

TEST_CASE("a missing topic, too few replicas and another number of partitions are findings") {
    const auto plan = ops::planned_topics(false, 8)[0];
    CHECK(codes(ops::check_topic(plan, {plan.name, false, 0, 0, {}}, true)) ==
          std::vector<std::string>{"topic_missing"});
    auto state = as_planned(plan);
    state.replication = 1;
    CHECK(codes(ops::check_topic(plan, state, true)) ==
          std::vector<std::string>{"topic_replication"});
    state = as_planned(plan);
    state.partitions = 4;
    CHECK(codes(ops::check_topic(plan, state, true)) ==
          std::vector<std::string>{"topic_partitions"});
    CHECK(ops::check_topic(plan, state, false).empty());
}
