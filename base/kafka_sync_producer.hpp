// Publishes a few records and waits until every one is acknowledged: dead letters, replays. Called
// by the writer and ndctl, one thread at a time. Not for the request path
// (base/kafka_producer.hpp).
//
// It is not idempotent on purpose: a caller that gets an error publishes all of them again, so a
// record may be there twice anyway, and there is no fatal state to recover from.
// Errors: unavailable (publish all of them again), refused (the topic is missing, forbidden or does
// not take such records).
#pragma once

#include "base/kafka_conf.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nd::base {

struct outgoing_record {
    std::string topic;
    std::optional<std::string> key;
    std::optional<std::string> value;
    std::vector<std::pair<std::string, std::string>> headers;
};

class kafka_sync_producer {
  public:
    // Needs no broker yet.
    [[nodiscard]] static result<kafka_sync_producer> open(const kafka_settings& settings,
                                                          const std::string& client_id);

    // Returns when the brokers have acknowledged every record, or one was not.
    [[nodiscard]] result<> publish(std::span<const outgoing_record> records);

    // For questions about the cluster and its topics.
    [[nodiscard]] rd_kafka_t* handle() const { return client_.get(); }

  private:
    explicit kafka_sync_producer(kafka_handle client) : client_(std::move(client)) {}
    kafka_handle client_;
};

}  // namespace nd::base
