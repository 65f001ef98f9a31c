// nd-writer: reads its configuration, waits for Kafka and Postgres, refuses unsafe ones, makes the
// parts in the order of their dependence, works until a signal, and takes them down in reverse.
#include "base/admin_http.hpp"
#include "base/allocator.hpp"
#include "base/hmac.hpp"
#include "base/kafka_sync_producer.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/stop.hpp"
#include "schema/record.hpp"
#include "workers/drain_guard.hpp"
#include "workers/start.hpp"
#include "workers/store.hpp"
#include "workers/writer.hpp"
#include "workers/writer_options.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <optional>

namespace nd::workers {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int complain(const base::error& why) {
    base::log::error("nd-writer cannot go on",
                     {{"sqlstate", why.sqlstate}, {"reason", why.detail}});
    return exit_failed;
}

base::admin_routes routes(const health& state, const base::metrics& metrics) {
    return {{"/healthz",
             [] {
                 return base::admin_reply{200, "application/json", R"({"alive":true})"};
             }},
            {"/readyz", [&state] { return state.ready(health::clock::now()); }},
            {"/metrics", [&metrics] {
                 return base::admin_reply{200, "text/plain; version=0.0.4", metrics.text()};
             }}};
}

int work(const writer_options& options, pg_store& store, base::kafka_sync_producer& dead,
         health& state, base::metrics& metrics, const stop_asked& stop) {
    std::optional<drain_guard> guard;  // first: it also watches over the others' ends
    writer_metrics counts(metrics);
    source from(state, counts);
    lane stores(
        store, [&dead](auto records) { return dead.publish(records); }, state, counts);
    writer loop(options.settings(), from, stores, state, counts);
    const auto ended = loop.run(stop);
    const int status = ended ? 0 : complain(ended.error());
    const std::chrono::seconds drain(options.drain_s);
    guard.emplace(drain, status);
    base::log::info("stopping");
    loop.finish(drain / 2);
    base::log::info("stopped");
    return status;
}

int run(const writer_options& options, const base::signal_watch& signals) {
    base::log::info("starting", {{"kafka", options.kafka.bootstrap},
                                 {"postgres", base::without_password(options.database_url)},
                                 {"allocator", base::allocator_name()}});
    const auto pepper = base::read_secret_file(options.pepper_file);
    if (!pepper) return complain(pepper.error());
    const stop_asked stop = [&signals] { return signals.stop_pending(); };
    base::metrics metrics;
    health state;
    auto admin = base::admin_server::start(*base::parse_host_port(options.admin_listen),
                                           routes(state, metrics));
    if (!admin) return complain(admin.error());
    base::log::info("admin port", {{"port", (*admin)->port()}});

    auto dead = base::kafka_sync_producer::open(options.kafka, "nd-writer-dead");
    if (!dead) return complain(dead.error());
    const auto topic = options.settings().consumer.topic;
    const auto cluster =
        wait_for_kafka(dead->handle(), topic, options.kafka.single_broker, state, stop);
    if (!cluster) return complain(cluster.error());
    if (!*cluster) return 0;
    pg_store store(options.database_url, **cluster, topic, *pepper);
    const auto there = wait_for_postgres(store, state, stop);
    if (!there) return complain(there.error());
    if (!*there) return 0;
    return work(options, store, *dead, state, metrics, stop);
}

}  // namespace
}  // namespace nd::workers

int main(int argc, char** argv) {
    using namespace nd;
    const base::signal_watch signals;
    try {
        workers::writer_options options;
        const auto go_on = workers::read_options(argc, argv, options);
        if (!go_on) {
            fmt::print(stderr, "{}\n", go_on.error().detail);
            return workers::exit_usage;
        }
        if (!*go_on) return 0;
        base::start_log("nd-writer", options.log);
        return workers::run(options, signals);
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-writer: {}\n", e.what());
        return workers::exit_failed;
    }
}
