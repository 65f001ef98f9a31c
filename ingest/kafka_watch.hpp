// Asks Kafka on a thread of its own: first whether our topics are safe to acknowledge on, then
// every two seconds whether a broker answers at all. An idle producer has no other way to know: its
// connections say nothing while nothing is sent.
#pragma once

#include "base/kafka_conf.hpp"
#include "ingest/kafka_health.hpp"

#include <functional>
#include <string>
#include <thread>
#include <vector>

namespace nd::ingest {

class kafka_watch {
  public:
    // `unsafe` is called once, on the watch's thread, when a broker answered that the topics do not
    // hold what a 202 promises: main ends the process. The client must outlive this.
    using unsafe_handler = std::function<void(const std::vector<std::string>& problems)>;
    kafka_watch(rd_kafka_t* client, kafka_health& health, bool single_broker,
                unsafe_handler unsafe);
    // Stops; at most one question (two seconds) is waited for.
    ~kafka_watch() = default;

  private:
    void run(const std::stop_token& stop);
    [[nodiscard]] bool check();  // false: unsafe, there is nothing more to watch
    void probe();

    rd_kafka_t* client_;
    kafka_health& health_;
    bool single_broker_;
    unsafe_handler unsafe_;
    std::jthread thread_;  // last: it uses all of the above
};

}  // namespace nd::ingest
