#include "base/kafka_topics.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <thread>

namespace nd::base {
namespace {

using kafka_admin_options = kafka_owner<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;
using kafka_resource = kafka_owner<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using metadata_owner =
    std::unique_ptr<const struct rd_kafka_metadata, decltype(&rd_kafka_metadata_destroy)>;

constexpr int least_replication = 3;
constexpr int least_insync = 2;

// Between two questions for a leader.
constexpr std::chrono::milliseconds ask_again_after{50};

bool has_no_leader_yet(rd_kafka_resp_err_t code) {
    return code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
           code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
           code == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
}

error from_code(rd_kafka_resp_err_t code, const char* what) {
    return failure(to_errc(code), fmt::format("Kafka, {}: {}", what, rd_kafka_err2str(code)));
}

topic_facts facts_of(const rd_kafka_metadata_topic_t& topic) {
    topic_facts facts{
        topic.topic, topic.err == RD_KAFKA_RESP_ERR_NO_ERROR, topic.partition_cnt, 0, {}};
    for (int i = 0; i < topic.partition_cnt; ++i) {
        const int replicas = topic.partitions[i].replica_cnt;
        facts.replication = i == 0 ? replicas : std::min(facts.replication, replicas);
    }
    return facts;
}

void read_entries(const rd_kafka_ConfigResource_t* resource, topic_facts& into) {
    std::size_t count = 0;
    const auto* const* entries = rd_kafka_ConfigResource_configs(resource, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const char* value = rd_kafka_ConfigEntry_value(entries[i]);
        into.config[rd_kafka_ConfigEntry_name(entries[i])] = value == nullptr ? "" : value;
    }
}

result<> read_reply(rd_kafka_event_t* event, std::span<topic_facts> topics) {
    if (const auto code = rd_kafka_event_error(event); code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return from_code(code, "settings of topics");
    std::size_t count = 0;
    const auto* reply = rd_kafka_event_DescribeConfigs_result(event);
    const auto* const* resources = rd_kafka_DescribeConfigs_result_resources(reply, &count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string name = rd_kafka_ConfigResource_name(resources[i]);
        if (const auto code = rd_kafka_ConfigResource_error(resources[i]);
            code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return from_code(code, name.c_str());
        const auto into = std::ranges::find(topics, name, &topic_facts::name);
        if (into != topics.end()) read_entries(resources[i], *into);
    }
    return {};
}

result<> read_configs(rd_kafka_t* client, std::span<topic_facts> topics, int longest_ms) {
    std::vector<kafka_resource> wanted;
    std::vector<rd_kafka_ConfigResource_t*> raw;
    for (const auto& topic : topics) {
        if (!topic.exists) continue;
        wanted.emplace_back(
            rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.name.c_str()));
        raw.push_back(wanted.back().get());
    }
    if (raw.empty()) return {};
    const kafka_admin_options options(
        rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), longest_ms, nullptr, 0);
    const kafka_queue queue(rd_kafka_queue_new(client));
    rd_kafka_DescribeConfigs(client, raw.data(), raw.size(), options.get(), queue.get());
    const kafka_event event(rd_kafka_queue_poll(queue.get(), longest_ms + 1000));
    if (!event) return failure(errc::unavailable, "Kafka, settings of topics: no answer in time");
    return read_reply(event.get(), topics);
}

int number_in(const topic_facts& topic, const char* name) {
    const auto found = topic.config.find(name);
    int value = 0;
    if (found != topic.config.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), value);
    return value;
}

}  // namespace

// All topics are asked for, not ours by name: a question by name could create the topic on a
// careless broker.
result<std::vector<topic_facts>> list_topics(rd_kafka_t* client, std::span<const std::string> names,
                                             std::chrono::milliseconds longest) {
    const struct rd_kafka_metadata* raw = nullptr;
    const auto code =
        rd_kafka_metadata(client, 1, nullptr, &raw, static_cast<int>(longest.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return from_code(code, "list of topics");
    const metadata_owner metadata(raw, &rd_kafka_metadata_destroy);
    const std::span known(metadata->topics, static_cast<std::size_t>(metadata->topic_cnt));
    std::vector<topic_facts> all;
    for (const auto& name : names) {
        const auto found =
            std::ranges::find_if(known, [&](const auto& t) { return name == t.topic; });
        all.push_back(found == known.end() ? topic_facts{name, false, 0, 0, {}} : facts_of(*found));
    }
    return all;
}

result<std::vector<topic_facts>> describe_topics(rd_kafka_t* client,
                                                 std::span<const std::string> names,
                                                 std::chrono::milliseconds longest) {
    const int longest_ms = static_cast<int>(longest.count());
    auto topics = list_topics(client, names, longest);
    if (!topics) return topics;
    if (auto done = read_configs(client, *topics, longest_ms); !done) return done.error();
    return topics;
}

result<std::int64_t> end_offset(rd_kafka_t* client, const std::string& topic,
                                std::int32_t partition, std::chrono::milliseconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    for (;;) {
        std::int64_t low = 0, high = 0;
        const auto code = rd_kafka_query_watermark_offsets(
            client, topic.c_str(), partition, &low, &high, static_cast<int>(longest.count()));
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return high;
        if (!has_no_leader_yet(code) || std::chrono::steady_clock::now() > until)
            return failure(to_errc(code), rd_kafka_err2str(code));
        std::this_thread::sleep_for(ask_again_after);
    }
}

std::vector<std::string> unsafe_topics(std::span<const topic_facts> topics, bool single_broker) {
    std::vector<std::string> problems;
    for (const auto& topic : topics) {
        if (!topic.exists) {
            problems.push_back(fmt::format("topic {} is missing: run `ndctl topics`", topic.name));
            continue;
        }
        if (single_broker) continue;
        if (topic.replication < least_replication)
            problems.push_back(fmt::format(
                "topic {} has {} replicas, {} are needed so that an acknowledged event survives a "
                "lost broker (or say --single-broker)",
                topic.name, topic.replication, least_replication));
        if (const int insync = number_in(topic, "min.insync.replicas"); insync < least_insync)
            problems.push_back(
                fmt::format("topic {} has min.insync.replicas {}, set it to {} (or say "
                            "--single-broker)",
                            topic.name, insync, least_insync));
    }
    return problems;
}

}  // namespace nd::base
