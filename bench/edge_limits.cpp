#include "bench/edge_limits.hpp"

#include "bench/limit_producer.hpp"
#include "ops/kafka_admin.hpp"

#include <fmt/format.h>

namespace nd::bench {
namespace {

constexpr const char* kept_ms = "600000";  // the topic's records are of no use to anybody

void make_topic(const std::string& kafka) {
    ops::settings from;
    from.kafka = kafka;
    from.single_broker = true;
    auto admin = ops::kafka_admin::connect(from);
    if (!admin)
        throw bench_error(exit_unreachable, "Kafka does not answer: " + admin.error().detail);
    const auto made =
        admin->create({{limit_topic, ops::default_partitions, 1, {{"retention.ms", kept_ms}}}});
    if (!made) throw bench_error(exit_unreachable, made.error().detail);
}

responder_settings responder_of(const bed& on) {
    responder_settings made;
    made.certificate = on.with.certificate;
    made.key = on.with.key;
    return made;
}

}  // namespace

void prepare_limit_topic(bed& on) {
    make_topic(on.with.kafka);
    // A broker that has just started runs interpreted code: its first seconds are nobody's figure.
    on.show.step("warming the broker");
    producer_plan warm;
    warm.bootstrap = on.with.kafka;
    warm.topic = limit_topic;
    warm.events = on.events;
    warm.window = std::chrono::seconds(3);
    static_cast<void>(run_producer(warm));
    warm.events_per_request = 1;
    warm.requests_per_s = 5000;
    static_cast<void>(run_producer(warm));
}

responder_settings limit_edge(const bed& on, int events_per_request) {
    auto made = responder_of(on);
    made.kafka = on.with.kafka;
    made.topic = limit_topic;
    made.events_per_request = events_per_request;
    return made;
}

edge_limits::edge_limits(bed& on) : responder_(responder_of(on)) {
    watched_.add("responder", responder_.pid());
    prepare_limit_topic(on);
}

edge_limits::cost edge_limits::measure(bed& on, load_plan plan) {
    cost made;
    made.events_per_request = plan.events_per_request;
    plan.to = {boost::asio::ip::make_address("127.0.0.1"), responder_.port()};
    const auto bare = on.run(plan, watched_);
    if (!bare.cpu_us_per_event.contains("responder"))
        throw bench_error(exit_unreachable,
                          "the bare responder answered nothing at this pace: the machine is too "
                          "busy to measure a limit; stop what else runs, or lower --rate");
    made.responder_us = bare.cpu_us_per_event.at("responder") * plan.events_per_request;

    producer_plan produced;
    produced.bootstrap = on.with.kafka;
    produced.topic = limit_topic;
    produced.events = on.events;
    produced.pages = plan.pages;
    produced.events_per_request = plan.events_per_request;
    produced.requests_per_s = plan.requests_per_s;
    produced.outstanding = plan.connections;
    produced.warm_up = plan.warm_up;
    produced.window = plan.window;
    produced.seed = plan.seed;
    const auto outcome = run_producer(produced);
    made.producer_us = outcome.cpu_us_per_event();
    made.parse_us = outcome.parse_us_per_page();
    return made;
}

}  // namespace nd::bench
