// ndctl topics: makes the topics that are missing and compares the others with the plan. A topic
// that exists is never changed.
#include "ops/command_line.hpp"
#include "ops/kafka_admin.hpp"
#include "ops/text_table.hpp"
#include "ops/topic_plan.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <thread>

namespace nd::ops {
namespace {

namespace json = boost::json;

struct topic_options {
    bool check_only = false;
    std::int64_t partitions = 0;  // 0: not said
};

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<topic_plan> missing(const std::vector<topic_plan>& plans,
                                const std::vector<base::topic_facts>& states) {
    std::vector<topic_plan> absent;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        if (!states[i].exists) absent.push_back(plans[i]);
    }
    return absent;
}

// A topic that was just made takes a moment to be known by every broker.
base::result<std::vector<base::topic_facts>> settled(kafka_admin& kafka,
                                                     const std::vector<topic_plan>& plans) {
    for (int attempt = 0;; ++attempt) {
        auto states = kafka.describe(plans);
        if (!states || attempt == 20 || missing(plans, *states).empty()) return states;
        std::this_thread::sleep_for(std::chrono::milliseconds(250));
    }
}

report tell(const kafka_admin& kafka, const std::vector<std::string>& created,
            const std::vector<base::topic_facts>& states, const findings& found) {
    text_table table({"TOPIC", "PARTITIONS", "REPLICAS", "STATE"});
    json::array topics;
    for (const auto& state : states) {
        const auto wrong = std::count_if(found.begin(), found.end(),
                                         [&](const finding& f) { return f.subject == state.name; });
        const auto word = !state.exists                   ? "missing"
                          : wrong > 0                     ? "wrong"
                          : contains(created, state.name) ? "created"
                                                          : "ok";
        table.add({state.name, std::to_string(state.partitions), std::to_string(state.replication),
                   word});
        topics.push_back(json::object{{"name", state.name},
                                      {"partitions", state.partitions},
                                      {"replication", state.replication},
                                      {"state", word}});
    }
    report said;
    said.data = {{"cluster", kafka.cluster()}, {"topics", topics}, {"findings", to_json(found)}};
    said.text = fmt::format("Kafka cluster {}\n{}", kafka.cluster(), table.text());
    if (!found.empty()) {
        said.text += fmt::format("\n{}:\n{}", counted(found.size(), "finding"), to_text(found));
        said.status = exit_status::finding;
    }
    return said;
}

base::result<report> run_topics(const settings& from, const topic_options& options) {
    const bool exact = options.partitions > 0;
    const auto plans = planned_topics(
        from.single_broker, exact ? static_cast<int>(options.partitions) : default_partitions);
    auto kafka = kafka_admin::connect(from);
    if (!kafka) return kafka.error();
    auto states = kafka->describe(plans);
    if (!states) return states.error();
    std::vector<std::string> created;
    if (!options.check_only) {
        auto made = kafka->create(missing(plans, *states));
        if (!made) return made.error();
        created = *made;
        states = settled(*kafka, plans);
        if (!states) return states.error();
    }
    findings found;
    for (std::size_t i = 0; i < plans.size(); ++i) {
        append(found, check_topic(plans[i], (*states)[i], exact));
    }
    return tell(*kafka, created, *states, found);
}

}  // namespace

void add_topics(command_line& line) {
    const auto options = std::make_shared<topic_options>();
    auto topics = line.add("topics", "make Kafka's topics and check their settings",
                           [options](const settings& from) { return run_topics(from, *options); });
    topics.flag(options->check_only, "--check", "only check, make nothing");
    topics.number(options->partitions, 1, 1000, "--partitions",
                  "of a new topic [8]; when given, existing topics must have as many");
}

}  // namespace nd::ops
