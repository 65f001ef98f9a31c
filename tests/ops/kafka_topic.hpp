// A topic of the test's own on a real broker (ND_TEST_KAFKA): made, filled and cut as told.
#pragma once

#include "base/kafka_sync_producer.hpp"
#include "ops/kafka_admin.hpp"
#include "ops/settings.hpp"

#include <doctest/doctest.h>

#include <unistd.h>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace nd::tests {

class kafka_topic {
  public:
    explicit kafka_topic(int partitions) : name_(fresh_name()) {
        const char* broker = std::getenv("ND_TEST_KAFKA");
        if (broker == nullptr) throw std::runtime_error("ND_TEST_KAFKA is not set: run ./dev test");
        settings.kafka = broker;
        settings.single_broker = true;
        auto admin = ops::kafka_admin::connect(settings).value();
        const ops::topic_plan plan{
            name_, partitions, 1, {{"message.timestamp.type", "LogAppendTime"}}};
        REQUIRE(admin.create({plan}).has_value());
        wait_for(admin, partitions);
    }
    kafka_topic(const kafka_topic&) = delete;
    kafka_topic& operator=(const kafka_topic&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }

    // So many records of each key, the values numbered through.
    void fill(const std::vector<std::string>& keys, int each) {
        std::vector<base::outgoing_record> records;
        for (const auto& key : keys) {
            for (int i = 0; i < each; ++i) {
                records.push_back({name_, key, key + " " + std::to_string(i), {}});
            }
        }
        publish(records);
    }
    void publish(const std::vector<base::outgoing_record>& records) const {
        auto producer =
            base::kafka_sync_producer::open({settings.kafka, "", true}, "tests").value();
        REQUIRE(producer.publish(records).has_value());
    }

    // So many partitions from now on.
    void grow(int partitions) const {
        const auto client = base::common_kafka_conf({settings.kafka, "", true}, "tests")
                                .value()
                                .make(RD_KAFKA_PRODUCER)
                                .value();
        std::array<char, 256> reason{};
        std::array wanted{rd_kafka_NewPartitions_new(
            name_.c_str(), static_cast<std::size_t>(partitions), reason.data(), reason.size())};
        const base::kafka_queue answers(rd_kafka_queue_new(client.get()));
        rd_kafka_CreatePartitions(client.get(), wanted.data(), wanted.size(), nullptr,
                                  answers.get());
        const base::kafka_event event(rd_kafka_queue_poll(answers.get(), 20'000));
        rd_kafka_NewPartitions_destroy(wanted.front());
        REQUIRE(event);
        REQUIRE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR);
        auto admin = ops::kafka_admin::connect(settings).value();
        wait_for(admin, partitions);
    }

    // As retention does: everything before the offset is gone.
    void cut(std::int32_t partition, std::int64_t before) const {
        const auto client = base::common_kafka_conf({settings.kafka, "", true}, "tests")
                                .value()
                                .make(RD_KAFKA_PRODUCER)
                                .value();
        const base::kafka_partitions list(rd_kafka_topic_partition_list_new(1));
        rd_kafka_topic_partition_list_add(list.get(), name_.c_str(), partition)->offset = before;
        std::array wanted{rd_kafka_DeleteRecords_new(list.get())};
        const base::kafka_queue answers(rd_kafka_queue_new(client.get()));
        rd_kafka_DeleteRecords(client.get(), wanted.data(), wanted.size(), nullptr, answers.get());
        const base::kafka_event event(rd_kafka_queue_poll(answers.get(), 20'000));
        rd_kafka_DeleteRecords_destroy(wanted.front());
        REQUIRE(event);
        REQUIRE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR);
    }

    ops::settings settings;

  private:
    void wait_for(ops::kafka_admin& admin, int partitions) const {
        ops::topic_plan plan;
        plan.name = name_;
        for (int i = 0; i < 40; ++i) {
            const auto seen = admin.describe({plan});
            if (seen && seen->front().partitions == partitions) return;
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        }
        throw std::runtime_error("the test's topic does not appear");
    }
    static std::string fresh_name() {
        static std::atomic<int> made{0};
        return "nd.test." + std::to_string(::getpid()) + "." + std::to_string(++made);
    }
    std::string name_;
};

}  // namespace nd::tests
