#include "ops/kafka_client.hpp"

#include <fmt/format.h>

namespace nd::ops {

base::result<base::kafka_handle> open_kafka_reader(const settings& from) {
    if (auto given = require(from, {&settings::kafka}); !given) return given.error();
    auto conf =
        base::common_kafka_conf({from.kafka, from.kafka_config, from.single_broker}, "ndctl");
    if (!conf) return conf.error();
    const auto done = conf->set_all({{"auto.offset.reset", "error"},
                                     {"enable.auto.commit", "false"},
                                     {"enable.auto.offset.store", "false"},
                                     {"enable.partition.eof", "true"},
                                     {"isolation.level", "read_committed"},
                                     {"queued.max.messages.kbytes", "16384"},
                                     {"fetch.error.backoff.ms", "100"}});
    if (!done) return done.error();
    // New in 2.2, where a full local queue stops the next fetch for a second.
    if (rd_kafka_version() >= 0x02020000) {
        if (auto quick = conf->set("fetch.queue.backoff.ms", "10"); !quick) return quick.error();
    }
    return conf->make(RD_KAFKA_CONSUMER);
}

base::result<std::string> cluster_of(rd_kafka_t* client) {
    constexpr int patience_ms = 10'000;
    char* cluster = rd_kafka_clusterid(client, patience_ms);
    if (cluster == nullptr) {
        return base::failure(base::errc::unavailable,
                             fmt::format("no Kafka broker answered within {} s: is it running, and "
                                         "is ND_KAFKA right?",
                                         patience_ms / 1000));
    }
    std::string copy(cluster);
    rd_kafka_mem_free(client, cluster);
    return copy;
}

}  // namespace nd::ops
