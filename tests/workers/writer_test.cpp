// The writer from record to row: what is stored, committed and shown.
#include "tests/workers/writer_world.hpp"

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

namespace {

std::vector<std::optional<std::int64_t>> committed(const world& w) {
    auto asking = base::kafka_consumer::open(
        {w.kafka.settings(), "asking", schema::writer_group, schema::events_topic},
        {[](const auto&) {}, [] {}});
    const std::vector<std::int32_t> all{0, 1, 2, 3};
    return asking.value()->committed(all, 30s).value();
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
        // Counted once the CALL has answered, a moment after the rows can be seen.
        CHECK(w.soon([&] { return writer.shows("nd_writer_rows_total 900"); }));
        CHECK(writer.shows("nd_writer_duplicates_total 0"));
    }
    std::int64_t sum = 0;
    for (const auto& offset : committed(w))
        sum += offset.value_or(0);
    CHECK(sum == w.published);
}

TEST_CASE("each batch is counted: new rows, the same again, other payloads, and what it took") {
    world w;
    w.publish_events(100);
    running writer(w);
    REQUIRE(w.all_stored());
    std::vector<base::outgoing_record> again;
    for (int i = 0; i < 60; ++i) {
        // As world made them: 40 are the same, 20 have their identity and another page.
        again.push_back({schema::events_topic,
                         tenant_text(i % 20),
                         event_json(i, "2026-11-02T10:00:00Z", i < 40 ? "" : R"(,"page":"/x")"),
                         {{"nd-environment", "live"}}});
    }
    publish(w.kafka, again);
    REQUIRE(w.soon([&] { return w.progress() == 160; }));
    CHECK(w.soon([&] { return writer.value("nd_writer_batch_records_sum") == 160; }));
    CHECK(w.rows() == 100);
    CHECK(writer.value("nd_writer_rows_total") == 100);
    CHECK(writer.value("nd_writer_duplicates_total") == 40);
    CHECK(writer.value("nd_writer_conflicts_total") == 20);
    const auto batches = writer.value("nd_writer_batches_total");
    CHECK(batches >= 4);  // of at most 50 records
    for (const std::string name : {"batch_records", "batch_bytes", "batch_tenants", "call_seconds"})
        CHECK_MESSAGE(writer.value("nd_writer_" + name + "_count") == batches, name);
    CHECK(writer.value("nd_writer_batch_bytes_sum") > 160 * 90);
    CHECK(writer.value("nd_writer_batch_tenants_sum") >= batches);
    CHECK(writer.value("nd_writer_batch_tenants_sum") <= 160);
    CHECK(writer.value("nd_writer_call_seconds_sum") > 0);
    CHECK(writer.value("nd_writer_freshness_seconds_count") == 160);
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
    const std::string again = "nd_writer_read_again_total{why=\"";
    // Noticed by the look at the progress, or by the database's own refusal of the next batch.
    CHECK((writer.value(again + "the database is an older copy\"}") >= 1 ||
           writer.value(again + "a batch was not stored\"}") >= 1));
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
