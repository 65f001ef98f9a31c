// The whole writer but its main(), between librdkafka's own broker and a real Postgres.
#pragma once

#include "schema/record.hpp"
#include "tests/pg/database.hpp"
#include "tests/workers/mock_kafka.hpp"
#include "tests/workers/records.hpp"
#include "workers/store.hpp"
#include "workers/writer.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

namespace nd::tests {

inline constexpr int partitions = 4;

struct world {
    test_database database;
    base::pg::connection admin = database.admin();
    mock_kafka kafka;
    int published = 0;

    world() {
        kafka.make_topic(schema::events_topic, partitions);
        kafka.make_topic(schema::dead_topic, 1);
    }
    void publish_events(int count, int tenants = 20) {
        std::vector<base::outgoing_record> records;
        for (int i = 0; i < count; ++i, ++published) {
            records.push_back({schema::events_topic,
                               tenant_text(published % tenants),
                               event_json(published),
                               {{"nd-environment", "live"}}});
        }
        publish(kafka, records);
    }
    std::int64_t rows() { return number(admin, "select count(*) from nd.events"); }
    std::int64_t progress() {
        return number(admin, "select coalesce(sum(next_offset), 0) from nd.progress");
    }
    template <class F>
    bool soon(F so, std::chrono::seconds longest = std::chrono::seconds(60)) {
        const auto until = std::chrono::steady_clock::now() + longest;
        while (!so()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        return true;
    }
    bool all_stored() {
        return soon([&] { return rows() == published && progress() == published; });
    }
};

class running {
  public:
    explicit running(world& w, bool pooled = false, workers::batch_limits limits = {50, 1 << 20})
        : store_(pooled ? w.database.pooled_url("nd_writer") : w.database.url("nd_writer"), "mock",
                 schema::events_topic, test_pepper),
          dead_(base::kafka_sync_producer::open(w.kafka.settings(), "dead").value()),
          lane_(store_, [this](auto records) { return dead_.publish(records); }, health, counts_,
                {std::chrono::milliseconds(200), std::chrono::milliseconds(10),
                 std::chrono::milliseconds(100)}),
          writer_({{w.kafka.settings(), "writer", schema::writer_group, schema::events_topic},
                   limits,
                   std::chrono::milliseconds(20)},
                  source_, lane_, health, counts_),
          thread_([this] {
              ok_ = writer_.run([this] { return stop_.load(); }).has_value();
              writer_.finish(std::chrono::seconds(5));
          }) {}
    ~running() {
        stop_ = true;
        thread_.join();
        CHECK(ok_);
    }

    [[nodiscard]] base::admin_reply ready() const {
        return health.ready(workers::health::clock::now());
    }
    [[nodiscard]] bool shows(const std::string& line) const {
        return all_.text().find(line) != std::string::npos;
    }

    [[nodiscard]] double value(const std::string& name) const {
        const auto text = all_.text();
        const auto at = text.find("\n" + name + " ");
        return at == std::string::npos ? -1 : std::stod(text.substr(at + name.size() + 2));
    }

    workers::health health;

  private:
    base::metrics all_;
    workers::writer_metrics counts_{all_};
    workers::pg_store store_;
    base::kafka_sync_producer dead_;
    workers::source source_{health, counts_};
    workers::lane lane_;
    workers::writer writer_;
    std::atomic<bool> stop_{false};
    bool ok_ = false;
    std::thread thread_;
};

}  // namespace nd::tests
