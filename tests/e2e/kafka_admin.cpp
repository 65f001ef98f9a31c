#include "tests/e2e/kafka_admin.hpp"

#include "base/kafka_conf.hpp"
#include "base/kafka_topics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <chrono>

namespace nd::tests {
namespace {

constexpr int patience_ms = 30'000;

base::kafka_handle client_of(const stack& system) {
    auto conf = base::common_kafka_conf({system["ND_KAFKA"], "", true}, "nd-e2e").value();
    return conf.make(RD_KAFKA_PRODUCER).value();
}

void check_answer(const base::kafka_event& event) {
    REQUIRE(event);
    REQUIRE_MESSAGE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR,
                    rd_kafka_event_error_string(event.get()));
}

}  // namespace

void delete_group(const stack& system, const std::string& group) {
    const auto client = client_of(system);
    auto* deletion = rd_kafka_DeleteGroup_new(group.c_str());
    const base::kafka_queue queue(rd_kafka_queue_new(client.get()));
    rd_kafka_DeleteGroups(client.get(), &deletion, 1, nullptr, queue.get());
    const base::kafka_event event(rd_kafka_queue_poll(queue.get(), patience_ms));
    rd_kafka_DeleteGroup_destroy(deletion);
    check_answer(event);
    std::size_t count = 0;
    const auto* const* groups = rd_kafka_DeleteGroups_result_groups(
        rd_kafka_event_DeleteGroups_result(event.get()), &count);
    REQUIRE(count == 1);
    REQUIRE(rd_kafka_group_result_error(groups[0]) == nullptr);
}

void delete_topic(const stack& system, const std::string& topic) {
    const auto client = client_of(system);
    auto* deletion = rd_kafka_DeleteTopic_new(topic.c_str());
    const base::kafka_queue queue(rd_kafka_queue_new(client.get()));
    rd_kafka_DeleteTopics(client.get(), &deletion, 1, nullptr, queue.get());
    const base::kafka_event event(rd_kafka_queue_poll(queue.get(), patience_ms));
    rd_kafka_DeleteTopic_destroy(deletion);
    check_answer(event);
    std::size_t count = 0;
    const auto* const* topics = rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(event.get()), &count);
    REQUIRE(count == 1);
    REQUIRE(rd_kafka_topic_result_error(topics[0]) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

void cut_log(const stack& system, const std::string& topic, int partition, std::int64_t before) {
    const auto client = client_of(system);
    const base::kafka_partitions list(rd_kafka_topic_partition_list_new(1));
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset = before;
    auto* deletion = rd_kafka_DeleteRecords_new(list.get());
    const base::kafka_queue queue(rd_kafka_queue_new(client.get()));
    rd_kafka_DeleteRecords(client.get(), &deletion, 1, nullptr, queue.get());
    const base::kafka_event event(rd_kafka_queue_poll(queue.get(), patience_ms));
    rd_kafka_DeleteRecords_destroy(deletion);
    check_answer(event);
}

int partitions_of(const stack& system, const std::string& topic) {
    const auto client = client_of(system);
    const std::array<std::string, 1> names{topic};
    const auto facts = base::list_topics(client.get(), names, std::chrono::seconds(30));
    REQUIRE_MESSAGE(facts.has_value(), (facts ? "" : facts.error().detail));
    return facts->front().partitions;
}

int grow_topic(const stack& system, const std::string& topic) {
    const auto client = client_of(system);
    const auto there = partitions_of(system, topic);
    std::array<char, 256> problem{};
    auto* growth = rd_kafka_NewPartitions_new(topic.c_str(), static_cast<std::size_t>(there) + 1,
                                              problem.data(), problem.size());
    REQUIRE_MESSAGE(growth != nullptr, problem.data());
    const base::kafka_queue queue(rd_kafka_queue_new(client.get()));
    rd_kafka_CreatePartitions(client.get(), &growth, 1, nullptr, queue.get());
    const base::kafka_event event(rd_kafka_queue_poll(queue.get(), patience_ms));
    rd_kafka_NewPartitions_destroy(growth);
    check_answer(event);
    return there;
}

}  // namespace nd::tests
