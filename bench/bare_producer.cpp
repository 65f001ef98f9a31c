#include "bench/bare_producer.hpp"

#include <stdexcept>

namespace nd::bench {

bare_producer::bare_producer(const std::string& kafka, const std::string& client_id,
                             const base::producer_topic& to,
                             std::initializer_list<std::pair<const char*, std::string>> more) {
    auto conf = base::common_kafka_conf({kafka, "", true}, client_id);
    if (!conf) throw std::runtime_error(conf.error().detail);
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR);
    auto set = conf->set_all({{"enable.idempotence", "true"},
                              {"acks", "all"},
                              {"linger.ms", std::to_string(base::producer_linger.count())},
                              {"partitioner", "murmur2_random"}});
    if (set) set = conf->set_all(more);
    if (!set) throw std::runtime_error(set.error().detail);
    auto made = conf->make(RD_KAFKA_PRODUCER);
    if (!made) throw std::runtime_error(made.error().detail);
    client = std::move(*made);
    auto opened = base::open_topic(client.get(), to, turns);
    if (!opened) throw std::runtime_error(opened.error().detail);
    topic = std::move(*opened);
    reports.reset(rd_kafka_queue_get_main(client.get()));
}

}  // namespace nd::bench
