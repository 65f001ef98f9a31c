#include "bench/limit_producer.hpp"

#include "bench/arrivals.hpp"
#include "bench/bare_producer.hpp"
#include "bench/limit_parse.hpp"
#include "bench/process_cpu.hpp"
#include "bench/request_maker.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <stdexcept>
#include <vector>

namespace nd::bench {
namespace {

using clock = std::chrono::steady_clock;
constexpr int ready_payloads = 10'000;
constexpr int ready_pages = 1'000;
constexpr int tenants = 1000;

class producer {
  public:
    producer(const std::string& bootstrap, const std::string& topic)
        : to_(bootstrap, "nd-limit", topic,
              {{"compression.type", "lz4"}, {"queue.buffering.max.kbytes", "32768"}}) {}

    void begin_request(base::placement where) { to_.turns.begin(where); }

    // False when the queue is full: take_reports() and try again. The payload is not copied, as in
    // nd-ingest, unless `copy`.
    bool produce(std::string_view key, std::string_view value, bool copy = false) {
        const auto refused = to_.produce(key, value, nullptr, copy);
        if (!refused) {
            ++waiting_;
            return true;
        }
        if (rd_kafka_error_code(refused.get()) == RD_KAFKA_RESP_ERR__QUEUE_FULL) return false;
        throw std::runtime_error(rd_kafka_error_string(refused.get()));
    }

    [[nodiscard]] std::uint64_t waiting() const { return waiting_; }

    void take_reports(int wait_ms, producer_outcome& outcome) {
        for (;;) {
            const base::kafka_event event(rd_kafka_queue_poll(to_.reports.get(), wait_ms));
            if (!event) return;
            while (const auto* message = rd_kafka_event_message_next(event.get())) {
                ++(message->err == RD_KAFKA_RESP_ERR_NO_ERROR ? outcome.delivered : outcome.failed);
                --waiting_;
            }
            wait_ms = 0;
        }
    }

    void flush(producer_outcome& outcome) {
        const auto end = clock::now() + std::chrono::seconds(15);
        while (waiting_ > 0 && clock::now() < end)
            take_reports(10, outcome);
        outcome.failed += waiting_;
    }

  private:
    bare_producer to_;
    std::uint64_t waiting_ = 0;
};

std::vector<std::string> page_payloads(const producer_plan& plan) {
    page_maker maker(plan.pages, plan.seed);
    std::vector<std::string> made(ready_pages);
    for (auto& one : made) {
        maker.make(one);
        limit_parser::make_room(one);
    }
    return made;
}

std::vector<std::string> payloads_of(const producer_plan& plan) {
    if (!plan.pages.empty()) return page_payloads(plan);
    request_maker maker(plan.events, encoding::identity, plan.seed);
    std::vector<std::string> made(ready_payloads);
    for (auto& one : made)
        maker.make_event(one, std::chrono::system_clock::now());
    return made;
}

std::vector<std::string> tenants_keys() {
    std::vector<std::string> keys(tenants);
    for (int i = 0; auto& key : keys)
        key = fmt::format("00000000-0000-4000-8000-{:012x}", i++);
    return keys;
}

// The next `count` of the payloads, again from the first one after the last.
void send(producer& to, std::string_view key, std::span<const std::string> payloads, int count,
          std::uint64_t& sent, limit_parser* parser, producer_outcome& outcome) {
    for (int i = 0; i < count; ++i, ++sent) {
        const auto& payload = payloads[sent % payloads.size()];
        if (parser != nullptr) parser->parse(payload);
        while (!to.produce(key, payload))
            to.take_reports(1, outcome);
    }
}

// Where nd-ingest puts them.
base::placement placement_of(const producer_plan& plan) {
    if (!plan.pages.empty()) return base::placement::by_key;
    return schema::placement_of(static_cast<std::size_t>(plan.events_per_request));
}

double us_each(std::chrono::nanoseconds all, std::uint64_t count) {
    return count == 0 ? 0 : static_cast<double>(all.count()) / 1000 / static_cast<double>(count);
}

}  // namespace

double producer_outcome::cpu_us_per_event() const {
    return us_each(cpu, delivered);
}

double producer_outcome::parse_us_per_page() const {
    return us_each(parse, delivered);
}

producer_outcome run_producer(const producer_plan& plan) {
    producer to(plan.bootstrap, plan.topic);
    const auto payloads = payloads_of(plan);
    const auto keys = tenants_keys();
    const auto where = placement_of(plan);
    std::mt19937_64 random(plan.seed);
    producer_outcome warm, counted;
    const auto begin = clock::now() + plan.warm_up;
    const auto end = begin + plan.window;
    // A producer without that bound waits for its full queue, which costs more than the events.
    const auto most_waiting = static_cast<std::uint64_t>(plan.outstanding - 1) *
                              static_cast<std::uint64_t>(plan.events_per_request);
    arrivals schedule(plan.requests_per_s > 0 ? plan.requests_per_s : 1, clock::now(), random);
    limit_parser parser;
    std::chrono::nanoseconds cpu{0}, parse{0};
    bool counting = false;
    std::uint64_t sent = 0, requests = 0;
    for (auto now = clock::now(); now < end; now = clock::now()) {
        if (!counting && now >= begin) {
            counting = true;
            cpu = process_cpu(::getpid());
            parse = parser.used();
        }
        auto& outcome = counting ? counted : warm;
        if (plan.requests_per_s > 0 && schedule.next() > now) {
            const auto wait = std::chrono::ceil<std::chrono::milliseconds>(schedule.next() - now);
            to.take_reports(static_cast<int>(wait.count()), outcome);
            continue;
        }
        if (plan.requests_per_s <= 0 && to.waiting() > most_waiting) {
            to.take_reports(5, outcome);
            continue;
        }
        schedule.advance();
        // A request is one tenant's, and each comes from another one, as those of the edge.
        const auto& key = keys[requests++ % keys.size()];
        to.begin_request(where);
        send(to, key, payloads, plan.events_per_request, sent,
             plan.pages.empty() ? nullptr : &parser, outcome);
    }
    counted.parse = parser.used() - parse;
    counted.cpu = process_cpu(::getpid()) - cpu - counted.parse;
    counted.seconds = std::chrono::duration<double>(plan.window).count();
    producer_outcome rest;
    to.flush(rest);
    counted.failed += warm.failed + rest.failed;
    if (counted.failed > 0)
        throw std::runtime_error("Kafka did not take all of the bench's records");
    return counted;
}

namespace {

void fill(producer& to, std::uint64_t count,
          const std::function<std::string_view(std::uint64_t)>& tenant_of,
          const std::function<std::string_view(std::uint64_t)>& record_of) {
    producer_outcome outcome;
    for (std::uint64_t i = 0; i < count; ++i) {
        const auto record = record_of(i);
        while (!to.produce(tenant_of(i), record, true))
            to.take_reports(5, outcome);
        if (i % 256 == 0) to.take_reports(0, outcome);
    }
    to.flush(outcome);
    if (outcome.failed > 0 || outcome.delivered != count)
        throw std::runtime_error("Kafka did not take all of the bench's records");
}

}  // namespace

void fill_topic(const producer_plan& plan, std::uint64_t count,
                const std::function<std::string_view(std::uint64_t)>& tenant_of) {
    producer to(plan.bootstrap, plan.topic);
    request_maker maker(plan.events, encoding::identity, plan.seed);
    std::string event;
    fill(to, count, tenant_of, [&](std::uint64_t) {
        maker.make_event(event, std::chrono::system_clock::now());
        return std::string_view(event);
    });
}

void fill_topic(const std::string& bootstrap, const std::string& topic,
                std::span<const std::string> records,
                const std::function<std::string_view(std::uint64_t)>& tenant_of) {
    producer to(bootstrap, topic);
    fill(to, records.size(), tenant_of,
         [&](std::uint64_t i) { return std::string_view(records[i]); });
}

}  // namespace nd::bench
