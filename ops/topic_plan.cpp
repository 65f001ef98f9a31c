#include "ops/topic_plan.hpp"

#include "schema/record.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

namespace nd::ops {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

// How a setting that should be `wanted` may differ and still be safe.
enum class rule { exactly, at_least, at_least_or_unlimited };

struct setting_rule {
    const char* name;
    const char* code;
    rule how;
    const char* why;
};

constexpr setting_rule rules[] = {
    {"message.timestamp.type", "topic_timestamp_type", rule::exactly,
     "with CreateTime an edge whose clock is ahead is refused by the broker for ever"},
    {"max.message.bytes", "topic_message_size", rule::at_least,
     "a permitted event could be refused"},
    {"retention.ms", "topic_retention", rule::at_least_or_unlimited,
     "events would be gone before a stopped writer comes back"},
    {"retention.bytes", "topic_retention_bytes", rule::at_least_or_unlimited,
     "events would be gone before a stopped writer comes back"},
    {"min.insync.replicas", "topic_min_insync", rule::at_least,
     "an acknowledged event would live on one disk only"},
    {"cleanup.policy", "topic_cleanup", rule::exactly,
     "compaction would drop a tenant's earlier events"},
    {"unclean.leader.election.enable", "topic_unclean_election", rule::exactly,
     "a replica that lacks acknowledged events could become the leader"},
};

std::int64_t number(const std::string& text) {
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

bool meets(rule how, const std::string& wanted, const std::string& is) {
    if (how == rule::exactly) return is == wanted;
    if (how == rule::at_least_or_unlimited && number(is) == -1) return true;
    if (how == rule::at_least_or_unlimited && number(wanted) == -1) return false;
    return number(is) >= number(wanted);
}

void check_settings(const topic_plan& plan, const base::topic_facts& state, findings& found) {
    for (const auto& rule : rules) {
        const auto wanted = plan.config.find(rule.name);
        const auto is = state.config.find(rule.name);
        if (wanted == plan.config.end()) continue;
        if (is != state.config.end() && meets(rule.how, wanted->second, is->second)) continue;
        found.push_back(
            {rule.code, plan.name,
             fmt::format("{} is {}, wanted {}{}: {}", rule.name,
                         is == state.config.end() ? "not reported by the broker" : is->second,
                         rule.how == rule::exactly || wanted->second == "-1" ? "" : "at least ",
                         wanted->second, rule.why),
             fmt::format("kafka-configs.sh --bootstrap-server $ND_KAFKA --alter --entity-type "
                         "topics --entity-name {} "
                         "--add-config {}={}",
                         plan.name, rule.name, wanted->second)});
    }
}

}  // namespace

std::vector<topic_plan> planned_topics(bool single_broker, int partitions) {
    const int replication = single_broker ? 1 : 3;
    const std::map<std::string, std::string> config{
        {"message.timestamp.type", "LogAppendTime"},
        {"max.message.bytes", std::to_string(schema::max_record_bytes)},
        {"retention.ms", std::to_string(7 * day_ms)},
        {"retention.bytes", "-1"},
        {"min.insync.replicas", single_broker ? "1" : "2"},
        {"cleanup.policy", "delete"},
        {"unclean.leader.election.enable", "false"},
    };
    std::vector<topic_plan> plans;
    for (const auto* name :
         {schema::events_topic, schema::pages_topic, schema::dead_topic, schema::import_topic}) {
        plans.push_back({name, partitions, replication, config});
    }
    plans.push_back(
        {doctor_topic,
         1,
         replication,
         {{"message.timestamp.type", "LogAppendTime"}, {"retention.ms", std::to_string(day_ms)}}});
    return plans;
}

findings check_topic(const topic_plan& plan, const base::topic_facts& state,
                     bool exact_partitions) {
    if (!state.exists) {
        return {{"topic_missing", plan.name, "does not exist", "ndctl topics makes it"}};
    }
    findings found;
    // The doctor's topic holds nothing that could be lost.
    if (state.replication < plan.replication && plan.name != doctor_topic) {
        found.push_back(
            {"topic_replication", plan.name,
             fmt::format("has {} replica{}, wanted {}: losing a disk would lose events",
                         state.replication, state.replication == 1 ? "" : "s", plan.replication),
             "add replicas with kafka-reassign-partitions.sh, or say --single-broker where that "
             "risk is "
             "accepted"});
    }
    if (exact_partitions && state.partitions != plan.partitions) {
        found.push_back(
            {"topic_partitions", plan.name,
             fmt::format("has {} partitions, wanted {}", state.partitions, plan.partitions),
             state.partitions < plan.partitions
                 ? "kafka-topics.sh --alter --partitions; from then on a tenant's new events may "
                   "follow "
                   "another partition than its old ones"
                 : "partitions cannot be taken away: check again without --partitions"});
    }
    check_settings(plan, state, found);
    return found;
}

}  // namespace nd::ops
