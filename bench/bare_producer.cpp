#include "bench/bare_producer.hpp"

#include <array>
#include <stdexcept>

namespace nd::bench {
namespace {

// librdkafka does not write to what it is given; its C type only lacks the const.
rd_kafka_vu_t bytes(rd_kafka_vtype_t type, std::string_view value) {
    rd_kafka_vu_t field{};
    field.vtype = type;
    field.u.mem = {const_cast<char*>(value.data()), value.size()};
    return field;
}

rd_kafka_vu_t header(const char* name, std::string_view value) {
    rd_kafka_vu_t field{};
    field.vtype = RD_KAFKA_VTYPE_HEADER;
    field.u.header = {name, value.data(), static_cast<ssize_t>(value.size())};
    return field;
}

}  // namespace

bare_producer::bare_producer(const std::string& kafka, const std::string& client_id,
                             const std::string& topic_name,
                             std::initializer_list<std::pair<const char*, std::string>> more) {
    auto conf = base::common_kafka_conf({kafka, "", true}, client_id);
    if (!conf) throw std::runtime_error(conf.error().detail);
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR);
    auto set = conf->set_all({{"enable.idempotence", "true"},
                              {"acks", "all"},
                              {"linger.ms", std::to_string(base::producer_linger.count())}});
    if (set) set = conf->set_all(more);
    if (!set) throw std::runtime_error(set.error().detail);
    auto made = conf->make(RD_KAFKA_PRODUCER);
    if (!made) throw std::runtime_error(made.error().detail);
    client = std::move(*made);
    auto opened = base::open_topic(client.get(), topic_name, turns);
    if (!opened) throw std::runtime_error(opened.error().detail);
    topic = std::move(*opened);
    reports.reset(rd_kafka_queue_get_main(client.get()));
}

base::kafka_error bare_producer::produce(std::string_view key, std::string_view value, void* opaque,
                                         bool copy) const {
    std::array<rd_kafka_vu_t, 7> fields{};
    fields[0].vtype = RD_KAFKA_VTYPE_RKT;
    fields[0].u.rkt = topic.get();
    fields[1] = bytes(RD_KAFKA_VTYPE_KEY, key);
    fields[2] = bytes(RD_KAFKA_VTYPE_VALUE, value);
    fields[3] = header("nd-environment", "live");
    fields[4] = header("nd-request", key);
    fields[5].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    fields[5].u.i = copy ? RD_KAFKA_MSG_F_COPY : 0;
    fields[6].vtype = RD_KAFKA_VTYPE_OPAQUE;
    fields[6].u.ptr = opaque;
    return base::kafka_error(rd_kafka_produceva(client.get(), fields.data(), fields.size()));
}

}  // namespace nd::bench
