// Three brokers inside the test that do what it says, for a program to connect to. Used by the
// contract tests that need a Kafka that fails.
#pragma once

#include "base/kafka_conf.hpp"
#include "schema/record.hpp"

#include <librdkafka/rdkafka_mock.h>

#include <string>
#include <utility>

namespace nd::tests {

class mock_cluster {
  public:
    mock_cluster() {
        nd::base::kafka_conf conf;
        client_ = std::move(conf.make(RD_KAFKA_PRODUCER).value());
        cluster_ = rd_kafka_mock_cluster_new(client_.get(), 3);
        rd_kafka_mock_topic_create(cluster_, nd::schema::events_topic, 4, 3);
        rd_kafka_mock_topic_create(cluster_, nd::schema::pages_topic, 4, 3);
    }
    ~mock_cluster() { rd_kafka_mock_cluster_destroy(cluster_); }
    mock_cluster(const mock_cluster&) = delete;

    [[nodiscard]] std::string bootstrap() const {
        return rd_kafka_mock_cluster_bootstraps(cluster_);
    }
    void slow(int milliseconds) {
        for (int broker = 1; broker <= 3; ++broker)
            rd_kafka_mock_broker_set_rtt(cluster_, broker, milliseconds);
    }
    void down(bool yes) {
        for (int broker = 1; broker <= 3; ++broker)
            yes ? rd_kafka_mock_broker_set_down(cluster_, broker)
                : rd_kafka_mock_broker_set_up(cluster_, broker);
    }
    void fail_next_produce(rd_kafka_resp_err_t with) {
        rd_kafka_mock_push_request_errors_array(cluster_, 0, 1, &with);
    }

  private:
    nd::base::kafka_handle client_;
    rd_kafka_mock_cluster_t* cluster_ = nullptr;
};

}  // namespace nd::tests
