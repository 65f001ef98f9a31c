// A producer of ours on librdkafka's in-process mock cluster, with the sink in front of it. Used by
// the kafka tests: they push errors into the cluster and look at what becomes of a request.
#pragma once

#include "base/kafka_producer.hpp"
#include "base/task.hpp"
#include "ingest/kafka_health.hpp"
#include "ingest/kafka_sink.hpp"
#include "schema/record.hpp"

#include <librdkafka/rdkafka_mock.h>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nd::tests {

class mock_kafka {
  public:
    using overrides = std::vector<std::pair<std::string, std::string>>;

    mock_kafka(const mock_kafka&) = delete;
    explicit mock_kafka(overrides more = {}, std::size_t queue_bytes = std::size_t{32} << 20)
        : health(numbers), queue(queue_bytes) {
        more.emplace_back("test.mock.num.brokers", "3");
        base::kafka_producer_settings s;
        s.kafka.bootstrap = "127.0.0.1:1";  // replaced by the mock cluster's own
        s.client_id = "test";
        s.topics = ingest::kafka_sink::topics();
        s.more = std::move(more);
        auto opened =
            base::kafka_producer::open(io, s, [this](std::string_view why) { fatal = why; });
        producer = std::move(opened.value());
        cluster = rd_kafka_handle_mock_cluster(producer->handle());
        rd_kafka_mock_topic_create(cluster, schema::events_topic, 4, 3);
        rd_kafka_mock_topic_create(cluster, schema::pages_topic, 4, 3);
        health.found_safe();
        sink.emplace(*producer, health, queue);
    }

    // Begins to publish `count` events of one request; the outcome is there once run_until says so.
    struct flight {
        std::optional<base::result<>> outcome;
        ingest::publication* request = nullptr;  // lives while it has messages under way
    };
    void publish(flight& into, std::size_t count, std::size_t size = 100) {
        ingest::body_buffer body(budget);
        if (!body.append(std::string(size, 'x'), size)) throw std::runtime_error("budget");
        ingest::request_ids ids;
        ingest::publication_ptr request(new ingest::publication(
            std::move(body), schema::tenant_id{}, schema::environment::test, ids.next()));
        into.request = request.get();
        schema::event_view event;
        event.raw = request->body.view();
        batches.emplace_back(count, event);
        boost::asio::co_spawn(io, fly(*sink, std::move(request), batches.back(), into),
                              [](const std::exception_ptr& failed) {
                                  if (failed) std::rethrow_exception(failed);
                              });
    }

    // Serves the thread's loop; false when `longest` passes first.
    template <class Condition>
    bool run_until(Condition condition,
                   std::chrono::milliseconds longest = std::chrono::seconds(20)) {
        const auto deadline = std::chrono::steady_clock::now() + longest;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            io.restart();
            io.run_for(std::chrono::milliseconds(5));
        }
        return true;
    }
    [[nodiscard]] bool refusing(std::chrono::seconds later = {}) const {
        return health.refusing(ingest::kafka_health::clock::now() + later);
    }
    bool finish(const flight& one) {
        return run_until([&] { return one.outcome.has_value(); });
    }
    void push_produce_errors(std::vector<rd_kafka_resp_err_t> errors) {
        rd_kafka_mock_push_request_errors_array(cluster, 0, errors.size(), errors.data());
    }

    base::metrics numbers;
    ingest::kafka_health health;
    ingest::byte_budget budget;
    ingest::byte_budget queue;
    boost::asio::io_context io{1};
    std::unique_ptr<base::kafka_producer> producer;
    rd_kafka_mock_cluster_t* cluster = nullptr;
    std::optional<ingest::kafka_sink> sink;
    std::string fatal;
    std::list<std::vector<schema::event_view>> batches;

  private:
    static base::task<> fly(ingest::record_sink& sink, ingest::publication_ptr request,
                            std::span<const schema::event_view> events, flight& into) {
        into.outcome = sink.hand_over(*request, events);
        if (into.outcome->has_error()) co_return;
        into.outcome.reset();
        if (request->has_pending()) co_await request->all_delivered();
        into.outcome = sink.outcome_of(*request);
    }
};

}  // namespace nd::tests
