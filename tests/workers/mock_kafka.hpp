// A Kafka of librdkafka's own inside the test: brokers on loopback ports, groups, offsets. Enough
// for rebalances and wrong offsets; what needs a real broker is tested elsewhere.
#pragma once

#include "base/kafka_conf.hpp"
#include "base/kafka_consumer.hpp"
#include "base/kafka_sync_producer.hpp"

#include <doctest/doctest.h>
#include <librdkafka/rdkafka_mock.h>

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

namespace nd::tests {

using namespace std::chrono_literals;

class mock_kafka {
  public:
    explicit mock_kafka(int brokers = 1) {
        std::array<char, 256> reason{};
        auto* conf = rd_kafka_conf_new();
        rd_kafka_conf_set(conf, "log_level", "3", nullptr, 0);
        owner_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason.data(), reason.size()));
        REQUIRE(owner_);
        cluster_ = rd_kafka_mock_cluster_new(owner_.get(), brokers);
        REQUIRE(cluster_ != nullptr);
    }
    ~mock_kafka() { rd_kafka_mock_cluster_destroy(cluster_); }
    mock_kafka(const mock_kafka&) = delete;
    mock_kafka& operator=(const mock_kafka&) = delete;

    [[nodiscard]] base::kafka_settings settings() const {
        base::kafka_settings made;
        made.bootstrap = rd_kafka_mock_cluster_bootstraps(cluster_);
        made.properties_file = properties_.path;
        return made;
    }
    void make_topic(const char* name, int partitions) {
        REQUIRE(rd_kafka_mock_topic_create(cluster_, name, partitions, 1) ==
                RD_KAFKA_RESP_ERR_NO_ERROR);
    }
    // The next `count` answers to Produce carry this error.
    void refuse_produce(rd_kafka_resp_err_t error, int count) {
        for (int i = 0; i < count; ++i)
            rd_kafka_mock_push_request_errors(cluster_, 0, 1, error);
    }
    [[nodiscard]] rd_kafka_mock_cluster_t* cluster() const { return cluster_; }

  private:
    // The mock group waits out a whole session before it goes on without a member, and the mock
    // broker a whole fetch.wait.max.ms although a record has come.
    struct quick_group {
        quick_group() {
            std::ofstream(path) << "session.timeout.ms=3000\nheartbeat.interval.ms=300\n"
                                   "fetch.wait.max.ms=20\n";
        }
        ~quick_group() { std::remove(path.c_str()); }
        std::string path = "/tmp/nd-mock-kafka-" + std::to_string(::getpid()) + ".properties";
    };

    quick_group properties_;
    base::kafka_handle owner_;
    rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

// One consumer with what the group told it, and records as "partition:offset".
class test_member {
  public:
    test_member(const mock_kafka& kafka, const std::string& topic) {
        auto opened = base::kafka_consumer::open({kafka.settings(), "test", "test-group", topic},
                                                 {[this](const std::vector<std::int32_t>& p) {
                                                      ours = p;
                                                      ++assignments;
                                                  },
                                                  [this] {
                                                      ours.reset();
                                                      ++revocations;
                                                  }});
        REQUIRE(opened.has_value());
        consumer = std::move(*opened);
    }

    // Polls until it is so; false after 20 s. What comes meanwhile goes to `seen`.
    bool poll_until(const std::function<bool()>& so, std::chrono::milliseconds longest = 20s) {
        const auto until = std::chrono::steady_clock::now() + longest;
        while (!so()) {
            if (std::chrono::steady_clock::now() > until) return false;
            poll_once(20ms);
        }
        return true;
    }
    void poll_once(std::chrono::milliseconds longest) {
        auto got = consumer->poll(longest);
        if (!got) {
            last_error = got.error();
        } else if (got->what() == base::kafka_received::kind::record) {
            seen.push_back({got->partition(), got->offset()});
        } else if (got->what() == base::kafka_received::kind::out_of_range) {
            out_of_range.push_back(got->partition());
        }
    }
    void fetch(std::vector<base::kafka_position> from) {
        seen.clear();
        REQUIRE(consumer->fetch_from(from).has_value());
    }

    std::optional<std::vector<std::int32_t>> ours;
    int assignments = 0;
    int revocations = 0;
    std::vector<base::kafka_position> seen;
    std::vector<std::int32_t> out_of_range;
    std::optional<base::error> last_error;
    std::unique_ptr<base::kafka_consumer> consumer;  // last: it dies before what its events touch
};

inline std::vector<base::outgoing_record> numbered_records(const std::string& topic, int count) {
    std::vector<base::outgoing_record> made;
    made.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) {
        made.push_back(
            {topic, "key", "value " + std::to_string(i), {{"number", std::to_string(i)}}});
    }
    return made;
}

inline void publish(const mock_kafka& kafka, const std::vector<base::outgoing_record>& records) {
    auto producer = base::kafka_sync_producer::open(kafka.settings(), "test");
    REQUIRE(producer.has_value());
    REQUIRE(producer->publish(records).has_value());
}

}  // namespace nd::tests
