// The writer while a part of Kafka or of the database is away or has gone back in time.
#include "tests/workers/writer_world.hpp"

using namespace nd;
using namespace nd::tests;
using namespace std::chrono_literals;

TEST_CASE("the hole of a quiet partition fills while the others have traffic") {
    world w;
    w.publish_events(600);
    running writer(w, true);
    REQUIRE(w.all_stored());
    const auto quiet = number(
        w.admin,
        "select partition from nd.progress where next_offset > 0 order by partition desc limit 1");
    // Tenants of the quiet partition have rows there and none elsewhere; which they are, Kafka
    // says.
    std::vector<int> busy;
    for (int t = 0; t < 20; ++t) {
        const auto key = tenant_text(t);
        const auto of = rd_kafka_msg_partitioner_murmur2_random(nullptr, key.data(), key.size(), 4,
                                                                nullptr, nullptr);
        if (of != quiet) busy.push_back(t);
    }
    REQUIRE(busy.size() < 20);
    must(
        w.admin, "delete from nd.events where tenant_id <> all ('{" +
                     [&] {
                         std::string list;
                         for (const int t : busy)
                             list += (list.empty() ? "" : ",") + tenant_text(t);
                         return list;
                     }() +
                     "}'); update nd.progress set next_offset = 0 where partition = " +
                     std::to_string(quiet));
    REQUIRE(w.rows() < 600);
    std::vector<base::outgoing_record> one;
    const auto whole = w.soon(
        [&] {
            one.assign(1, {schema::events_topic,
                           tenant_text(busy[static_cast<std::size_t>(w.published) % busy.size()]),
                           event_json(w.published),
                           {{"nd-environment", "live"}}});
            publish(w.kafka, one);
            ++w.published;
            return w.rows() >= 600 && w.rows() + 5 >= w.published;
        },
        20s);
    CHECK(whole);
    CHECK(w.all_stored());
}

TEST_CASE("a partition without a leader holds up no other, and is read once it has one") {
    world w;
    w.publish_events(400);
    rd_kafka_mock_partition_set_leader(w.kafka.cluster(), schema::events_topic, 2, -1);
    running writer(w);
    const auto& of_others =
        "select count(*) from nd.progress where partition <> 2 and next_offset > 0";
    CHECK(w.soon([&] { return number(w.admin, of_others) == 3; }));
    CHECK(writer.ready().status == 503);
    CHECK(writer.ready().body.find("partition 2 is stopped: its leader") != std::string::npos);
    rd_kafka_mock_partition_set_leader(w.kafka.cluster(), schema::events_topic, 2, 1);
    CHECK(w.all_stored());
    CHECK(w.soon([&] { return writer.ready().status == 200; }));
}

TEST_CASE("lag grows while Postgres is away, as the log does") {
    world w;
    w.publish_events(100);
    running writer(w);
    REQUIRE(w.all_stored());
    must(w.admin, "revoke insert on nd.events from nd_writer");
    w.publish_events(100);
    REQUIRE(w.soon([&] { return writer.ready().status == 503; }));
    w.publish_events(5000);
    const auto lag = [&] {
        double sum = 0;
        for (int p = 0; p < partitions; ++p)
            sum += writer.value("nd_writer_lag{partition=\"" + std::to_string(p) + "\"}");
        return sum;
    };
    CHECK(w.soon([&] { return lag() >= 5100; }));
    must(w.admin, "grant insert on nd.events to nd_writer");
    CHECK(w.all_stored());
    CHECK(w.soon([&] { return lag() == 0; }));
}

TEST_CASE("a database that no longer lets the writer in parks it, until it does again") {
    world w;
    w.publish_events(100);
    running writer(w);
    REQUIRE(w.all_stored());
    const auto of_it = " connect on database " + w.database.name();
    must(w.admin, "revoke" + of_it + " from public, nd_writer");
    must(w.admin,
         "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'nd_writer' and "
         "datname = current_database()");
    REQUIRE(w.soon([&] { return writer.ready().body.find("42501") != std::string::npos; }));
    CHECK(writer.ready().status == 503);
    w.publish_events(50);
    must(w.admin, "grant" + of_it + " to nd_writer");
    CHECK(w.all_stored());
    CHECK(w.soon([&] { return writer.ready().status == 200; }));
}
