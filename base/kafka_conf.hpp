// Owners of librdkafka's C handles and its configuration. Called by the Kafka edges (producer,
// consumer, topic check); the rest of the code never sees rdkafka.h.
#pragma once

#include "base/config.hpp"
#include "base/result.hpp"

#include <librdkafka/rdkafka.h>

#include <memory>
#include <string>
#include <utility>

namespace nd::base {

template <class T, void (*Destroy)(T*)>
struct kafka_delete {
    void operator()(T* handle) const { Destroy(handle); }
};
template <class T, void (*Destroy)(T*)>
using kafka_owner = std::unique_ptr<T, kafka_delete<T, Destroy>>;

using kafka_handle = kafka_owner<rd_kafka_t, rd_kafka_destroy>;
using kafka_topic = kafka_owner<rd_kafka_topic_t, rd_kafka_topic_destroy>;
using kafka_queue = kafka_owner<rd_kafka_queue_t, rd_kafka_queue_destroy>;
using kafka_event = kafka_owner<rd_kafka_event_t, rd_kafka_event_destroy>;
using kafka_message = kafka_owner<rd_kafka_message_t, rd_kafka_message_destroy>;
using kafka_headers = kafka_owner<rd_kafka_headers_t, rd_kafka_headers_destroy>;
using kafka_partitions =
    kafka_owner<rd_kafka_topic_partition_list_t, rd_kafka_topic_partition_list_destroy>;
using kafka_error = kafka_owner<rd_kafka_error_t, rd_kafka_error_destroy>;

// Names are librdkafka's own (CONFIGURATION.md), so that whoever knows them reads this at once.
class kafka_conf {
  public:
    kafka_conf() : conf_(rd_kafka_conf_new()) {}

    [[nodiscard]] result<> set(const std::string& name, const std::string& value);
    // All of them; the first refusal is returned and names the property.
    [[nodiscard]] result<> set_all(
        std::initializer_list<std::pair<const char*, std::string>> properties);
    [[nodiscard]] rd_kafka_conf_t* get() const { return conf_.get(); }
    // Makes the client; the configuration is used up. errc::invalid with librdkafka's reason.
    [[nodiscard]] result<kafka_handle> make(rd_kafka_type_t type);

  private:
    kafka_owner<rd_kafka_conf_t, rd_kafka_conf_destroy> conf_;
};

// Where Kafka is, the same words in every program: --kafka, --kafka-config, --single-broker.
struct kafka_settings {
    std::string bootstrap;
    std::string properties_file;  // "name=value" lines of librdkafka (SASL, TLS); may hold secrets
    bool single_broker = false;  // accept replication 1: not safe against losing that broker's disk
};
void add_kafka_settings(config_reader& reader, kafka_settings& settings);

// What every client of ours starts from: bootstrap servers, client.id, log lines into our log,
// quiet reconnects, then the properties file. errc::invalid names the property or the line.
[[nodiscard]] result<kafka_conf> common_kafka_conf(const kafka_settings& settings,
                                                   const std::string& client_id);

// One place that sorts librdkafka's codes into ours.
[[nodiscard]] errc to_errc(rd_kafka_resp_err_t code);

}  // namespace nd::base
