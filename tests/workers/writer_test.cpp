// The whole writer but its main(), between librdkafka's own broker and a real Postgres.
#include "workers/writer.hpp"

#include "schema/record.hpp"
#include "tests/pg/database.hpp"
#include "tests/workers/mock_kafka.hpp"
#include "tests/workers/records.hpp"
#include "workers/store.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace nd;
using namespace nd::tests;

namespace {

constexpr int partitions = 4;

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
    bool soon(F so, std::chrono::seconds longest = 60s) {
        const auto until = std::chrono::steady_clock::now() + longest;
        while (!so()) {
            if (std::chrono::steady_clock::now() > until) return false;
            std::this_thread::sleep_for(50ms);
        }
        return true;
    }
    bool all_stored() {
        return soon([&] { return rows() == published && progress() == published; });
    }
};

class running {
  public:
    explicit running(world& w, bool pooled = false)
        : store_(pooled ? w.database.pooled_url("nd_writer") : w.database.url("nd_writer"), "mock",
                 schema::events_topic),
          dead_(base::kafka_sync_producer::open(w.kafka.settings(), "dead").value()),
          lane_(store_, [this](auto records) { return dead_.publish(records); }, health, counts_,
                {200ms, 10ms, 100ms}),
          writer_({{w.kafka.settings(), "writer", schema::writer_group, schema::events_topic},
                   {50, 1 << 20},
                   20ms},
                  source_, lane_, health, counts_),
          thread_([this] {
              ok_ = writer_.run([this] { return stop_.load(); }).has_value();
              writer_.finish(5s);
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

std::vector<std::optional<std::int64_t>> committed(const world& w) {
    auto asking = base::kafka_consumer::open(
        {w.kafka.settings(), "asking", schema::writer_group, schema::events_topic},
        {[](const auto&) {}, [] {}});
    const std::vector<std::int32_t> all{0, 1, 2, 3};
    return asking.value()->committed(all, 5s).value();
}

}  // namespace

TEST_CASE("records become rows exactly once, also over a restart, and offsets are committed") {
    world w;
    for (const bool pooled : {false, true}) {
        CAPTURE(pooled);
        w.publish_events(900);
        running writer(w, pooled);
        REQUIRE(w.all_stored());
        CHECK(writer.ready().status == 200);
        CHECK(writer.shows("nd_writer_rows_total 900"));
        CHECK(writer.shows("nd_writer_duplicates_total 0"));
    }
    std::int64_t sum = 0;
    for (const auto& offset : committed(w))
        sum += offset.value_or(0);
    CHECK(sum == w.published);
}

TEST_CASE("backends killed again and again cost nothing but time") {
    world w;
    w.publish_events(3000);
    running writer(w);
    for (int i = 0; i < 8; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100 * i));
        must(w.admin,
             "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nd_writer'");
        w.publish_events(200);
    }
    CHECK(w.all_stored());
}

TEST_CASE("a database that becomes an older copy of itself fills its hole, idle or not") {
    world w;
    w.publish_events(600);
    running writer(w, true);
    REQUIRE(w.all_stored());
    // What a restored copy looks like from here: rows and progress are those of an earlier time.
    must(w.admin,
         "begin; truncate nd.events; update nd.progress set next_offset = 0 where partition in (0, "
         "1);"
         "delete from nd.progress where partition in (2, 3); commit");
    SUBCASE("while nothing comes in") {}
    SUBCASE("while more comes in") {
        w.publish_events(300);
    }
    CHECK(w.all_stored());
}

TEST_CASE(
    "a missing right parks the writer: not ready, nothing committed, mended without a restart") {
    world w;
    must(w.admin, "revoke insert on nd.events from nd_writer");
    w.publish_events(300);
    running writer(w);
    REQUIRE(w.soon([&] { return writer.ready().body.find("42501") != std::string::npos; }));
    CHECK(writer.ready().status == 503);
    CHECK(w.rows() == 0);
    CHECK(w.progress() == 0);
    for (const auto& offset : committed(w))
        CHECK_FALSE(offset.has_value());
    must(w.admin, "grant insert on nd.events to nd_writer");
    CHECK(w.all_stored());
    CHECK(w.soon([&] { return writer.ready().status == 200; }));
}

TEST_CASE("records that cannot be read are in nd.dead.v1 with where they came from") {
    world w;
    w.publish_events(100);
    publish(w.kafka,
            {{schema::events_topic, tenant_text(1), "junk", {{"nd-environment", "live"}}},
             {schema::events_topic, std::nullopt, "no key", {{"nd-environment", "live"}}}});
    running writer(w);
    REQUIRE(w.soon([&] { return w.progress() == 102; }));
    CHECK(w.rows() == 100);
    CHECK(writer.shows("nd_writer_dead_total{reason=\"not_json\"} 1"));
    CHECK(writer.shows("nd_writer_dead_total{reason=\"no_key\"} 1"));
    test_member dead(w.kafka, schema::dead_topic);
    CHECK(dead.consumer->log_bounds(0, 5s).value().end == 2);
}

TEST_CASE("two writers share the partitions; joining and leaving loses and doubles nothing") {
    world w;
    w.publish_events(1500);
    running first(w);
    {
        const running second(w);
        REQUIRE(w.soon([&] {
            w.publish_events(20);
            return second.ready().body.find("\"partitions\":2") != std::string::npos;
        }));
        w.publish_events(1000);
        CHECK(w.all_stored());
    }
    w.publish_events(500);
    CHECK(w.all_stored());
    CHECK(first.ready().body.find("\"partitions\":4") != std::string::npos);
}

TEST_CASE("a partition whose records were deleted stops loudly, the others go on") {
    world w;
    w.publish_events(400);
    must(w.admin, "insert into nd.progress values ('mock', 'nd.events.v1', 2, 100000)");
    running writer(w);
    REQUIRE(w.soon(
        [&] { return writer.ready().body.find("partition 2 is stopped") != std::string::npos; }));
    CHECK(writer.ready().status == 503);
    CHECK(writer.shows("nd_writer_stopped_partitions 1"));
    w.publish_events(200);
    const auto& of_others =
        "select count(*) from nd.progress where partition <> 2 and next_offset > 0";
    CHECK(w.soon([&] { return number(w.admin, of_others) == 3; }));
    CHECK(number(w.admin, "select next_offset from nd.progress where partition = 2") == 100'000);
}
