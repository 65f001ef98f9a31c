// pages: page structures. From HTTP to Kafka's acknowledgement, in CPU time for each page beside
// what a parse and a bare producer use; from Kafka to what a model says about them; and that read
// back.
#include "bench/edge_limits.hpp"
#include "bench/enricher_run.hpp"
#include "bench/lift_limits.hpp"
#include "bench/read_part.hpp"
#include "bench/recording.hpp"
#include "bench/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nd::bench {
namespace {

constexpr std::size_t elements = 200;
constexpr std::size_t sending_tenants = 1000;
constexpr double paced_pages = 1'000;  // a second
constexpr double ratio_goal = 2;
constexpr std::uint64_t default_enriched = 1'500;  // in a round
constexpr int model_latency_ms = 100;
constexpr double per_minute_goal = 1'000;
constexpr double flat_mib = 16;  // between the first and the last round

std::vector<page_template> templates_of(const std::vector<boost::json::object>& pages) {
    return {pages.begin(), pages.end()};
}

// The edge, one round at one pace, and its limits at the same.
void measure_edge(bed& on, edge_limits& limits, const meter& watched, const load_plan& load,
                  const std::string& name) {
    const auto measured = on.run(load, watched);
    on.judge(name, measured.load);
    const auto limit = limits.measure(on, load);
    const auto& took = measured.load.latency;
    on.into.add(name + ".rate", "pages/s", better::higher, measured.load.events_per_s());
    on.into.add(name + ".p50", "ms", better::lower, took.quantile_ms(0.5));
    on.into.add(name + ".p99", "ms", better::lower, took.quantile_ms(0.99));
    on.into.add(name + ".wire", "B/page", better::neither,
                static_cast<double>(measured.load.bytes_sent) /
                    static_cast<double>(std::max<std::uint64_t>(1, measured.load.requests)));
    on.into.add(name + ".limit.parse", "us/page", better::lower, limit.parse_us);
    on.into.add(name + ".limit.producer", "us/page", better::lower, limit.producer_us);
    on.into.add(name + ".limit.responder", "us/page", better::lower, limit.responder_us);
    const auto own = measured.cpu_us_per_event.find("nd-ingest");
    if (own == measured.cpu_us_per_event.end()) return;
    on.into.add(name + ".cpu", "us/page", better::lower, own->second);
    on.into.add(name + ".ratio", "x", better::lower,
                own->second / (limit.parse_us + limit.producer_us));
    // As the scenario edge has it: what HTTP costs is part of it, a parse is not.
    on.into.add(name + ".ratio_to_responder", "x", better::lower,
                own->second / (limit.responder_us + limit.producer_us));
    on.into.at(name + ".ratio", "x", better::lower).goal = ratio_goal;
}

void measure_edge(bed& on, const std::vector<boost::json::object>& recorded) {
    const auto pages = templates_of(recorded);
    const auto sending = std::min(sending_tenants, on.keys.size());
    // Ten pages a minute are the limit of a tenant, and the rest would be refused before they cost
    // anything.
    lift_limits(on, std::span(on.tenants).first(sending), schema::limit_class::schema);
    const auto server = on.start_ingest();
    edge_limits limits(on);
    auto watched = on.common_meter();
    if (server.pid > 0) watched.add("nd-ingest", server.pid);
    const auto rate = on.with.rate_or(paced_pages);
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        for (const bool paced : {false, true}) {
            on.show.step(
                fmt::format("pages of {} elements {}, round {}/{}", elements,
                            paced ? fmt::format("at {:.0f}/s", rate) : "as fast as answered", round,
                            on.with.rounds));
            auto load = on.plan_for(server.at, server.host, 1);
            load.keys = std::span(on.keys).first(sending);
            load.pages = pages;
            load.encoded = encoding::identity;
            load.requests_per_s = paced ? rate : 0;
            measure_edge(on, limits, watched, load,
                         paced ? "pages.edge.paced" : "pages.edge.saturated");
        }
    }
}

// Each structure in one request, and all that the stand-in worked on is in the ledger.
void judge(bed& on, enricher_run& through, std::int64_t sent) {
    const auto asked = through.asked();
    const auto booked = through.booked();
    on.into.note(fmt::format(
        "{} distinct pages were sent; the stand-in worked on {} requests with {} pages, {} of them "
        "distinct, none more than {} times, {} + {} tokens; confirmed in the ledger are {} calls "
        "with {} pages, {} + {} tokens; {} structures are enriched",
        sent, asked.requests, asked.pages, asked.distinct, asked.most, asked.input_tokens,
        asked.output_tokens, booked.requests, booked.pages, booked.input_tokens,
        booked.output_tokens, booked.distinct));
    if (asked.pages != sent || asked.distinct != sent || asked.most != 1 || booked.distinct != sent)
        on.into.unsound("pages.enricher: not each distinct page was in exactly one request");
    if (asked.requests != booked.requests || booked.pages != sent ||
        asked.input_tokens != booked.input_tokens || asked.output_tokens != booked.output_tokens)
        on.into.unsound("pages.enricher: the ledger is not what the stand-in counted");
}

void measure_enricher(bed& on, std::vector<boost::json::object> recorded) {
    const auto pages =
        on.with.events > 0 ? static_cast<std::uint64_t>(on.with.events) : default_enriched;
    const std::string name = "pages.enricher";
    enricher_run through(on, std::move(recorded), model_latency_ms);
    auto& memory =
        on.into.curve(name + ".memory", "Resident memory of nd-enricher", "pages enriched", "MiB");
    memory.add_point("nd-enricher", 0, through.resident_mib());
    on.into.add(name + ".memory.start", "MiB", better::lower, through.resident_mib());
    double first = 0, last = 0;
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(
            fmt::format("{} distinct pages through nd-enricher, {} ms for an answer, "
                        "round {}/{}",
                        pages, model_latency_ms, round, on.with.rounds));
        const auto got = through.measure(pages);
        last = got.resident_mib;
        if (round == 1) first = last;
        memory.add_point("nd-enricher", static_cast<double>(round) * static_cast<double>(pages),
                         last);
        const auto cpu = got.enricher_us + got.postgres_us;
        on.into.add(name + ".rate", "pages/min", better::higher, got.pages_per_minute);
        on.into.add(name + ".cpu", "us/page", better::lower, cpu);
        on.into.add(name + ".cpu.nd-enricher", "us/page", better::lower, got.enricher_us);
        on.into.add(name + ".cpu.postgres", "us/page", better::lower, got.postgres_us);
        on.into.add(name + ".cores", "cores", better::lower, got.cores);
        on.into.add(name + ".rate_of_a_core", "pages/min", better::higher, 60e6 / cpu);
        on.into.add(name + ".memory.end", "MiB", better::lower, last);
    }
    on.into.at(name + ".rate", "pages/min", better::higher).goal = per_minute_goal;
    on.into.at(name + ".rate_of_a_core", "pages/min", better::higher).goal = per_minute_goal;
    on.into.add(name + ".memory.growth", "MiB", better::lower, last - first);
    on.into.at(name + ".memory.growth", "MiB", better::lower).goal = flat_mib;
    judge(on, through, static_cast<std::int64_t>(pages) * on.with.rounds);
}

}  // namespace

void run_pages(bed& on) {
    auto recorded = read_page_recording(on.with.recording, elements);
    if (!recorded) throw bench_error(exit_unreachable, recorded.error().detail);
    // First, while nobody else's pages are in the topic.
    if (on.with.url.empty()) {
        measure_enricher(on, *recorded);
        measure_reads(on, enricher_run::most_tenants);
    }
    measure_edge(on, *recorded);
}

}  // namespace nd::bench
