#include "bench/fresh_topic.hpp"

#include "base/kafka_conf.hpp"
#include "base/pg.hpp"
#include "ops/kafka_admin.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <thread>

namespace nd::bench {
namespace {

using clock = std::chrono::steady_clock;
constexpr int wait_ms = 10'000;
constexpr std::chrono::seconds longest{30};
constexpr std::chrono::milliseconds ask_again_after{100};

using delete_topic = base::kafka_owner<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using delete_group = base::kafka_owner<rd_kafka_DeleteGroup_t, rd_kafka_DeleteGroup_destroy>;

[[noreturn]] void fail(const std::string& doing, const char* reason) {
    throw bench_error(exit_unreachable, fmt::format("{}: {}", doing, reason));
}

base::kafka_handle client_of(const std::string& bootstrap) {
    auto conf = base::common_kafka_conf({bootstrap, "", true}, "nd-bench-topic");
    if (!conf) throw bench_error(exit_usage, conf.error().detail);
    auto made = conf->make(RD_KAFKA_PRODUCER);
    if (!made) throw bench_error(exit_usage, made.error().detail);
    return std::move(*made);
}

base::kafka_event answer(const base::kafka_queue& queue, const char* doing) {
    base::kafka_event event(rd_kafka_queue_poll(queue.get(), wait_ms));
    if (!event) fail(doing, "Kafka did not answer");
    if (rd_kafka_event_error(event.get()) != RD_KAFKA_RESP_ERR_NO_ERROR)
        fail(doing, rd_kafka_event_error_string(event.get()));
    return event;
}

void remove_topic(rd_kafka_t* client) {
    constexpr const char* doing = "removing nd.events.v1";
    const delete_topic owned(rd_kafka_DeleteTopic_new(schema::events_topic));
    auto* one = owned.get();
    const base::kafka_queue queue(rd_kafka_queue_new(client));
    rd_kafka_DeleteTopics(client, &one, 1, nullptr, queue.get());
    const auto event = answer(queue, doing);
    std::size_t count = 0;
    const auto* results = rd_kafka_DeleteTopics_result_topics(
        rd_kafka_event_DeleteTopics_result(event.get()), &count);
    const auto code =
        count == 1 ? rd_kafka_topic_result_error(results[0]) : RD_KAFKA_RESP_ERR__BAD_MSG;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR && code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        fail(doing, rd_kafka_err2str(code));
}

rd_kafka_resp_err_t try_to_remove_group(rd_kafka_t* client, const char* doing) {
    const delete_group owned(rd_kafka_DeleteGroup_new(schema::writer_group));
    auto* one = owned.get();
    const base::kafka_queue queue(rd_kafka_queue_new(client));
    rd_kafka_DeleteGroups(client, &one, 1, nullptr, queue.get());
    const auto event = answer(queue, doing);
    std::size_t count = 0;
    const auto* results = rd_kafka_DeleteGroups_result_groups(
        rd_kafka_event_DeleteGroups_result(event.get()), &count);
    if (count != 1) return RD_KAFKA_RESP_ERR__BAD_MSG;
    const auto* error = rd_kafka_group_result_error(results[0]);
    return error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
}

// The last writer may still be leaving it.
void remove_group(rd_kafka_t* client) {
    constexpr const char* doing = "removing the group nd-writer";
    const auto end = clock::now() + longest;
    for (;;) {
        const auto code = try_to_remove_group(client, doing);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND)
            return;
        if (clock::now() > end) fail(doing, rd_kafka_err2str(code));
        std::this_thread::sleep_for(ask_again_after);
    }
}

void forget_progress(const std::string& url) {
    static constexpr base::pg::statement forget("delete from nd.progress where topic = $1::text");
    auto admin = base::pg::connection::open(url);
    if (!admin) fail("Postgres", admin.error().detail.c_str());
    if (const auto done = admin->exec(forget, schema::events_topic); !done)
        fail("Postgres", done.error().detail.c_str());
}

// Kafka removes a topic behind its answer's back: until it has, the name is taken.
void create(const std::string& kafka, int partitions) {
    ops::settings from;
    from.kafka = kafka;
    from.single_broker = true;
    auto admin = ops::kafka_admin::connect(from);
    if (!admin) fail("Kafka", admin.error().detail.c_str());
    std::vector<ops::topic_plan> wanted;
    for (const auto& plan : ops::planned_topics(true, partitions))
        if (plan.name == schema::events_topic) wanted.push_back(plan);
    const auto end = clock::now() + longest;
    for (;;) {
        const auto made = admin->create(wanted);
        if (made && !made->empty()) return;
        if (clock::now() > end)
            fail("making nd.events.v1 again",
                 made ? "its name is still taken" : made.error().detail.c_str());
        std::this_thread::sleep_for(ask_again_after);
    }
}

}  // namespace

void make_events_topic_anew(bed& on, int partitions) {
    const auto client = client_of(on.with.kafka);
    remove_group(client.get());
    remove_topic(client.get());
    forget_progress(on.with.admin_url);
    create(on.with.kafka, partitions);
}

}  // namespace nd::bench
