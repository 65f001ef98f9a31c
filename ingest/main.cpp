// nd-ingest: reads its configuration, makes the parts in the order of their dependence, serves
// until a signal or a fault that only a restart heals, and takes them down in reverse.
#include "base/admin_http.hpp"
#include "base/allocator.hpp"
#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/stop.hpp"
#include "ingest/io_thread.hpp"
#include "ingest/kafka_watch.hpp"
#include "ingest/key_keeper.hpp"
#include "ingest/limiter.hpp"
#include "ingest/readiness.hpp"
#include "ingest/serving.hpp"
#include "ingest/settings.hpp"
#include "schema/openapi.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <exception>

namespace nd::ingest {
namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int complain(const base::error& why) {
    base::log::error("nd-ingest cannot go on", {{"reason", why.detail}});
    return exit_failed;
}

base::admin_routes admin_pages(const readiness& ready, const scrape& gauges) {
    return {
        {"/healthz", readiness::healthz},
        {"/readyz", [&ready] { return ready.readyz(); }},
        {"/metrics", [&gauges] { return gauges.reply(); }},
        {"/openapi.yaml", [] {
             return base::admin_reply{200, "application/yaml", std::string(schema::openapi_yaml)};
         }}};
}

void tell_listening(const settings& s, const io_threads& threads, std::uint16_t admin_port) {
    base::log::info("listening", {{"address", shown_address(s, threads.front()->port())},
                                  {"admin_port", admin_port},
                                  {"threads", threads.size()},
                                  {"allocator", base::allocator_name()},
                                  {"tls", s.tls()}});
}

int stopped(bool clean, const end_of_service& end) {
    base::log::info("stopped", {{"clean", clean}});
    // Coroutines are left whose tools are about to go: nothing may run any more.
    if (!clean) std::_Exit(exit_failed);
    return end.failed() ? exit_failed : 0;
}

int run(const settings& s, const base::signal_watch& signals) {
    const auto pepper = base::read_secret_file(s.pepper_file);
    if (!pepper) return complain(pepper.error());
    const auto receipt_secrets = schema::receipt_secrets(s.receipt_key_files, *pepper);
    if (!receipt_secrets) return complain(receipt_secrets.error());
    auto tls = serving_tls(s);
    if (!tls) return complain(tls.error());

    base::metrics metrics;
    ingest_metrics counters(metrics);
    kafka_health kafka(metrics);
    key_table keys{std::chrono::seconds(s.stale_keys_s)};
    key_inbox inbox;
    key_keeper keeper(keys, inbox, {s.database_url, s.listen_url});
    reader_desk desk(s.reader_url);
    published_pages published;
    page_cache shown;
    limiter limits;
    byte_budget budget;
    byte_budget queue(queue_bytes);
    const shared_parts shared{keys,     inbox, *pepper,   limits, budget,           queue,
                              counters, desk,  published, shown,  *receipt_secrets, kafka,
                              s.times()};

    end_of_service end;
    auto threads = make_threads(s, shared, *tls, end);
    if (!threads) return complain(threads.error());
    readiness ready(kafka, keeper);
    const scrape gauges(metrics, {*threads, keys, limits, budget, kafka, keeper});
    auto admin = base::admin_server::start(*base::parse_host_port(s.admin_listen),
                                           admin_pages(ready, gauges));
    if (!admin) return complain(admin.error());

    keeper.start();
    desk.start();
    kafka_watch watch(
        threads->front()->producer().handle(), kafka, s.kafka.single_broker,
        [&](const auto& problems) { end.because(fmt::format("{}", fmt::join(problems, "; "))); });
    for (auto& one : *threads)
        one->start();
    ready.serving();
    tell_listening(s, *threads, (*admin)->port());
    serve_until_end(s, signals, {keeper, desk}, *threads, end);
    ready.draining();
    const bool clean = drain(s, *threads, keeper);
    desk.stop();
    return stopped(clean, end);
}

}  // namespace
}  // namespace nd::ingest

int main(int argc, char** argv) {
    using namespace nd;
    const base::signal_watch signals;
    try {
        ingest::settings s;
        const auto go_on = ingest::read_settings(argc, argv, s);
        if (!go_on) {
            fmt::print(stderr, "{}\n", go_on.error().detail);
            return ingest::exit_usage;
        }
        if (!*go_on) return 0;
        base::start_log("nd-ingest", s.log);
        return ingest::run(s, signals);
    } catch (const std::exception& e) {
        fmt::print(stderr, "nd-ingest: {}\n", e.what());
        return ingest::exit_failed;
    }
}
