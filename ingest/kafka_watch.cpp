#include "ingest/kafka_watch.hpp"

#include "base/kafka_topics.hpp"
#include "base/log.hpp"
#include "schema/record.hpp"

#include <array>
#include <condition_variable>
#include <mutex>
#include <string>

namespace nd::ingest {
namespace {

constexpr std::chrono::milliseconds longest_question{2000};
constexpr std::chrono::milliseconds between_questions{2000};
constexpr std::chrono::milliseconds between_checks{500};

void pause(const std::stop_token& stop, std::chrono::milliseconds how_long) {
    std::mutex lock;
    std::unique_lock held(lock);
    std::condition_variable_any().wait_for(held, stop, how_long, [] { return false; });
}

}  // namespace

kafka_watch::kafka_watch(rd_kafka_t* client, kafka_health& health, bool single_broker,
                         unsafe_handler unsafe)
    : client_(client),
      health_(health),
      single_broker_(single_broker),
      unsafe_(std::move(unsafe)),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

void kafka_watch::run(const std::stop_token& stop) {
    while (!stop.stop_requested() && !health_.safe()) {
        if (!check()) return;
        if (!health_.safe()) pause(stop, between_checks);
    }
    while (!stop.stop_requested()) {
        probe();
        pause(stop, between_questions);
    }
}

bool kafka_watch::check() {
    const std::array<std::string, 2> names{schema::events_topic, schema::pages_topic};
    // One broker is accepted as it is: its settings need no look.
    const auto ask = single_broker_ ? base::list_topics : base::describe_topics;
    const auto topics = ask(client_, names, longest_question);
    if (!topics && topics.error().code == base::errc::refused) {
        unsafe_({topics.error().detail});
        return false;
    }
    if (!topics) {
        base::log::warning("kafka does not answer yet", {{"reason", topics.error().detail}});
        return true;
    }
    health_.answered(kafka_health::clock::now());
    const auto problems = base::unsafe_topics(*topics, single_broker_);
    if (problems.empty()) {
        health_.found_safe();
        base::log::info("kafka is safe to publish to",
                        {{"partitions", topics->front().partitions}});
        return true;
    }
    unsafe_(problems);
    return false;
}

void kafka_watch::probe() {
    const base::kafka_topic topic(rd_kafka_topic_new(client_, schema::events_topic, nullptr));
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto code = rd_kafka_metadata(client_, 0, topic.get(), &metadata,
                                        static_cast<int>(longest_question.count()));
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return;
    rd_kafka_metadata_destroy(metadata);
    health_.answered(kafka_health::clock::now());
}

}  // namespace nd::ingest
