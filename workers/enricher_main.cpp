// nd-enricher: reads its configuration, waits for Kafka and Postgres, refuses unsafe ones, makes
// the parts in the order of their dependence, and works until a signal. Two threads: this one takes
// pages in, the other asks the model; neither waits for the other.
#include "base/admin_http.hpp"
#include "base/allocator.hpp"
#include "base/kafka_sync_producer.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/stop.hpp"
#include "schema/record.hpp"
#include "workers/asker.hpp"
#include "workers/batch_clerk.hpp"
#include "workers/drain_guard.hpp"
#include "workers/enricher_options.hpp"
#include "workers/page_taker.hpp"
#include "workers/start.hpp"

#include <fmt/format.h>
#include <boost/asio/co_spawn.hpp>

#include <cstdio>
#include <exception>
#include <optional>
#include <thread>

namespace nd::workers {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int complain(const base::error& why) {
    base::log::error("nd-enricher cannot go on",
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

void rethrow(const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
}

// The thread that asks the model. An exception on it is a bug and ends the process.
class asking {
  public:
    asking(const enricher_options& options, model::openai_client* client,
           boost::asio::io_context& io, enricher_metrics& counts)
        : desk_(options.desk()),
          asker_(io, options.asking(), desk_, client, counts),
          clerk_(io, options.batches(), desk_, client, asker_, counts),
          thread_([this, &io] {
              boost::asio::co_spawn(io.get_executor(), asker_.run(), rethrow);
              boost::asio::co_spawn(io.get_executor(), clerk_.run(), rethrow);
              io.run();
          }) {}
    ~asking() {
        asker_.stop();
        thread_.join();
    }
    asking(const asking&) = delete;
    asking& operator=(const asking&) = delete;

  private:
    job_desk desk_;
    asker asker_;
    batch_clerk clerk_;
    std::thread thread_;
};

int work(const enricher_options& options, page_store& store, base::kafka_sync_producer& dead,
         health& state, base::metrics& metrics, const stop_asked& stop) {
    std::optional<drain_guard> guard;  // first: it also watches over the others' ends
    enricher_metrics counts(metrics);
    boost::asio::io_context io(1);
    std::unique_ptr<model::openai_client> client;
    if (options.model.key_file.empty()) {
        base::log::warning("no --openai-key-file: pages are stored, nothing is asked, jobs wait");
    } else {
        auto made = model::openai_client::make(io, options.model);
        if (!made) return complain(made.error());
        client = std::move(*made);
    }
    const asking asks(options, client.get(), io, counts);
    page_taker takes(
        {options.kafka, "nd-enricher", schema::enricher_group, schema::pages_topic}, store,
        [&dead](auto records) { return dead.publish(records); }, state, counts);
    const auto ended = takes.run(stop);
    const int status = ended ? 0 : complain(ended.error());
    guard.emplace(std::chrono::seconds(options.drain_s), status);
    base::log::info("stopping");
    return status;
}

base::result<bool> wait_for_postgres(page_store& store, health& shown, const stop_asked& stop) {
    shown.waiting_for("Postgres");
    while (!stop()) {
        const auto progress = store.read_progress();
        if (progress) return true;
        if (progress.error().code == base::errc::refused && progress.error().sqlstate.empty())
            return progress.error();
        base::log::warning("Postgres is not there yet, to be tried again",
                           {{"detail", progress.error().detail}});
        store.disconnect();
        for (int i = 0; i < 50 && !stop(); ++i)
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
}

int run(const enricher_options& options, const base::signal_watch& signals) {
    base::log::info("starting", {{"kafka", options.kafka.bootstrap},
                                 {"postgres", base::without_password(options.database_url)},
                                 {"model", options.model.model},
                                 {"service", options.model.url},
                                 {"allocator", base::allocator_name()}});
    const stop_asked stop = [&signals] { return signals.stop_pending(); };
    base::metrics metrics;
    health state;
    auto admin = base::admin_server::start(*base::parse_host_port(options.admin_listen),
                                           routes(state, metrics));
    if (!admin) return complain(admin.error());
    base::log::info("admin port", {{"port", (*admin)->port()}});
    auto dead = base::kafka_sync_producer::open(options.kafka, "nd-enricher-dead");
    if (!dead) return complain(dead.error());
    const auto cluster = wait_for_kafka(dead->handle(), schema::pages_topic,
                                        options.kafka.single_broker, state, stop);
    if (!cluster) return complain(cluster.error());
    if (!*cluster) return 0;
    page_store store(options.database_url, **cluster, schema::pages_topic,
                     std::chrono::milliseconds(options.linger_ms));
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
        workers::enricher_options options;
        const auto go_on = workers::read_options(argc, argv, options);
        if (!go_on) {
            fmt::print(stderr, "{}\n", go_on.error().detail);
            return workers::exit_usage;
        }
        if (!*go_on) return 0;
        base::start_log("nd-enricher", options.log);
        return workers::run(options, signals);
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-enricher: {}\n", e.what());
        return workers::exit_failed;
    }
}
