#include "bench/limit_producer.hpp"

#include "base/kafka_conf.hpp"
#include "bench/load.hpp"
#include "bench/process_cpu.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <vector>

namespace nd::bench {
namespace {

using clock = std::chrono::steady_clock;

base::kafka_handle make_producer(const std::string& bootstrap) {
    auto conf = base::common_kafka_conf({bootstrap, "", true}, "nd-limit");
    if (!conf) throw std::runtime_error(conf.error().detail);
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR);
    const auto set = conf->set_all({{"enable.idempotence", "true"},
                                    {"acks", "all"},
                                    {"compression.type", "lz4"},
                                    {"linger.ms", "5"},
                                    {"queue.buffering.max.kbytes", "32768"},
                                    {"partitioner", "murmur2_random"}});
    if (!set) throw std::runtime_error(set.error().detail);
    auto made = conf->make(RD_KAFKA_PRODUCER);
    if (!made) throw std::runtime_error(made.error().detail);
    return std::move(*made);
}

rd_kafka_vu_t header(const char* name, const std::string& value) {
    rd_kafka_vu_t field{};
    field.vtype = RD_KAFKA_VTYPE_HEADER;
    field.u.header = {name, value.data(), static_cast<ssize_t>(value.size())};
    return field;
}

rd_kafka_vu_t bytes(rd_kafka_vtype_t type, std::string& value) {
    rd_kafka_vu_t field{};
    field.vtype = type;
    field.u.mem = {value.data(), value.size()};
    return field;
}

// Without RD_KAFKA_MSG_F_COPY: the payloads outlive their delivery reports, as a request's body
// does in nd-ingest.
rd_kafka_resp_err_t produce(rd_kafka_t* client, rd_kafka_topic_t* topic, std::string& key,
                            std::string& value) {
    static const std::string live = "live";
    rd_kafka_vu_t to{};
    to.vtype = RD_KAFKA_VTYPE_RKT;
    to.u.rkt = topic;
    const std::array<rd_kafka_vu_t, 5> fields{
        to, bytes(RD_KAFKA_VTYPE_KEY, key), bytes(RD_KAFKA_VTYPE_VALUE, value),
        header("nd-environment", live), header("nd-request", key)};
    const base::kafka_error refused(rd_kafka_produceva(client, fields.data(), fields.size()));
    return refused ? rd_kafka_error_code(refused.get()) : RD_KAFKA_RESP_ERR_NO_ERROR;
}

void take_reports(rd_kafka_queue_t* queue, int wait_ms, producer_outcome& outcome) {
    for (;;) {
        const base::kafka_event event(rd_kafka_queue_poll(queue, wait_ms));
        if (!event) return;
        while (const auto* message = rd_kafka_event_message_next(event.get())) {
            ++(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? outcome.delivered : outcome.failed);
        }
        wait_ms = 0;
    }
}

}  // namespace

producer_outcome run_producer(const std::string& bootstrap, const std::string& topic,
                              std::chrono::milliseconds duration) {
    const auto producer = make_producer(bootstrap);
    const base::kafka_queue queue(rd_kafka_queue_get_main(producer.get()));
    const base::kafka_topic handle(rd_kafka_topic_new(producer.get(), topic.c_str(), nullptr));
    std::vector<std::string> payloads;
    for (int i = 0; i < 10'000; ++i)
        payloads.push_back(make_event());
    std::vector<std::string> tenants;
    for (int i = 0; i < 1000; ++i)
        tenants.push_back(fmt::format("00000000-0000-4000-8000-{:012x}", i));
    producer_outcome outcome;
    std::uint64_t produced = 0;
    const auto cpu = process_cpu(::getpid());
    const auto begin = clock::now();
    while (clock::now() - begin < duration) {
        for (int i = 0; i < 50; ++i) {
            auto& payload = payloads[produced % payloads.size()];
            auto& key = tenants[(produced / 50) % tenants.size()];
            const auto code = produce(producer.get(), handle.get(), key, payload);
            if (code == RD_KAFKA_RESP_ERR_NO_ERROR) {
                ++produced;
            } else {
                take_reports(queue.get(), 1, outcome);
            }
        }
        take_reports(queue.get(), 0, outcome);
    }
    while (outcome.delivered + outcome.failed < produced && clock::now() - begin < duration * 4) {
        take_reports(queue.get(), 10, outcome);
    }
    outcome.seconds = std::chrono::duration<double>(clock::now() - begin).count();
    outcome.cpu = process_cpu(::getpid()) - cpu;
    return outcome;
}

}  // namespace nd::bench
