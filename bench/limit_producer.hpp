// The least that putting an event into Kafka can cost here: a bare librdkafka producer with
// nd-ingest's settings, given ready bytes, at the scenario's own pace or closed-loop. Also what
// fills a topic for the writer.
#pragma once

#include "bench/event_template.hpp"
#include "bench/page_maker.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace nd::bench {

struct producer_plan {
    std::string bootstrap;
    std::string topic;
    std::span<const event_template> events;
    std::span<const page_template> pages;  // instead; each is parsed before it is produced
    int events_per_request = 50;           // how many come at once, under one tenant
    double requests_per_s = 0;             // 0: closed loop
    int outstanding = 64;                  // requests, in a closed loop: the load's connections
    std::chrono::milliseconds warm_up{500};
    std::chrono::milliseconds window{3000};
    std::uint64_t seed = 1;
};

struct producer_outcome {
    std::uint64_t delivered = 0;  // in the window
    std::uint64_t failed = 0;
    std::chrono::nanoseconds cpu{0};    // of this process in the window, librdkafka's threads too
    std::chrono::nanoseconds parse{0};  // beside that, of pages
    double seconds = 0;
    [[nodiscard]] double cpu_us_per_event() const;
    [[nodiscard]] double parse_us_per_page() const;
};

// With the same headers and keys as nd-ingest's records. Throws std::runtime_error when Kafka does
// not take them.
[[nodiscard]] producer_outcome run_producer(const producer_plan& plan);

// Puts `count` events into a topic as nd-ingest would: event `i` (from 0) belongs to the tenant
// whose id `tenant_of(i)` gives as text. Throws std::runtime_error unless all are delivered.
void fill_topic(const producer_plan& plan, std::uint64_t count,
                const std::function<std::string_view(std::uint64_t)>& tenant_of);
// The same for records that are ready: `records[i]` is tenant_of(i)'s.
void fill_topic(const std::string& bootstrap, const std::string& topic,
                std::span<const std::string> records,
                const std::function<std::string_view(std::uint64_t)>& tenant_of);

}  // namespace nd::bench
