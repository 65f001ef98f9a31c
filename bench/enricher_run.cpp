#include "bench/enricher_run.hpp"

#include "bench/admin_database.hpp"
#include "bench/limit_producer.hpp"
#include "bench/scrape.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <chrono>
#include <thread>

namespace nd::bench {
namespace {

using base::pg::statement;
using clock = std::chrono::steady_clock;
constexpr std::chrono::seconds longest_run{300};
constexpr std::chrono::milliseconds look_every{50};

constexpr statement versions("select count(*) as n from nd.page_versions");
constexpr statement done("select count(*) as n from nd.page_jobs where state = 'done'");
constexpr statement parked("select count(*) as n from nd.page_jobs where state = 'parked'");

}  // namespace

enricher_run::enricher_run(bed& on, std::vector<boost::json::object> pages, int latency_ms)
    : on_(on),
      db_(open_admin(on.with.admin_url)),
      pages_(std::move(pages)),
      tenants_(std::span(on.tenants).first(std::min(most_tenants, on.tenants.size()))) {
    if (count(versions) > 0)
        throw bench_error(exit_usage,
                          "there are pages already, which would be counted too: this scenario "
                          "wants a system of its own, `./dev bench run pages` makes one");
    let_one_session_do();
    stub_ = std::make_unique<child>(
        "nd-openai-stub",
        child::variables{{"ND_OPENAI_STUB_LISTEN", "127.0.0.1:0"},
                         {"ND_OPENAI_STUB_LATENCY_MS", fmt::to_string(latency_ms)},
                         {"ND_OPENAI_STUB_REQUESTS_PER_MINUTE", "100000000"},
                         {"ND_OPENAI_STUB_TOKENS_PER_MINUTE", "100000000000"}},
        on.with.log_dir + "/nd-bench-nd-openai-stub.log");
    stub_port_ = stub_->number_in_log("127.0.0.1:");
    enricher_ = std::make_unique<child>(
        "nd-enricher",
        child::variables{{"ND_ENRICHER_ADMIN_LISTEN", "127.0.0.1:0"},
                         {"ND_OPENAI_URL", fmt::format("http://127.0.0.1:{}/v1", stub_port_)},
                         {"ND_MODEL_TOTAL_BUDGET", "999999"},
                         {"ND_ENRICHER_BATCH_FROM", "10000000"}},
        on.with.log_dir + "/nd-bench-nd-enricher.log");
    static_cast<void>(enricher_->number_in_log("port="));
    static constexpr statement own("select pg_backend_pid() as n");
    watched_ = on.common_meter({static_cast<pid_t>(count(own))});
    watched_.add("nd-enricher", enricher_->pid());
}

// A load is a session here, and the second one of each page would only be counted.
void enricher_run::let_one_session_do() {
    static constexpr statement settle(
        "insert into nd.enrich_settings (tenant_id, min_sessions) values ($1::uuid, 1) "
        "on conflict (tenant_id) do update set min_sessions = 1");
    for (const auto& tenant : tenants_)
        must(db_.exec(settle, tenant));
}

std::int64_t enricher_run::count(statement what) {
    return number(db_.exec(what));
}

double enricher_run::resident_mib() const {
    return watched_.resident_mib().at("nd-enricher");
}

enriched enricher_run::measure(std::uint64_t pages) {
    std::vector<std::string> records(pages);
    for (std::uint64_t i = 0; i < pages; ++i)
        records[i] = pages_.record(sent_ + i);
    const auto before = watched_.cpu();
    const auto begun = clock::now();
    fill_topic(on_.with.kafka, schema::pages_topic, records,
               [&](std::uint64_t i) { return std::string_view(tenants_[i % tenants_.size()]); });
    sent_ += pages;
    const auto goal = static_cast<std::int64_t>(sent_);
    for (std::int64_t so_far = 0; so_far < goal;) {
        std::this_thread::sleep_for(look_every);
        enricher_->must_live();
        so_far = count(done);
        on_.show.detail(fmt::format("{} of {} enriched", so_far, goal));
        if (clock::now() - begun > longest_run || count(parked) > 0)
            throw bench_error(exit_finding,
                              fmt::format("{} of {} pages were enriched, {} are parked", so_far,
                                          goal, count(parked)));
    }
    const auto seconds = std::chrono::duration<double>(clock::now() - begun).count();
    const auto used = cpu_us_per(before, watched_.cpu(), pages);
    enriched made;
    made.pages_per_minute = static_cast<double>(pages) / seconds * 60;
    made.enricher_us = used_by(used, "nd-enricher");
    made.postgres_us = used_by(used, "postgres");
    made.kafka_us = used_by(used, "kafka");
    made.cores = (made.enricher_us + made.postgres_us) * static_cast<double>(pages) / seconds / 1e6;
    made.resident_mib = resident_mib();
    return made;
}

asked_so_far enricher_run::asked() const {
    const auto said = boost::json::parse(scrape(stub_port_, "/stub/counts"));
    const auto number = [](const boost::json::value& of, const char* name) {
        return of.at(name).to_number<std::int64_t>();
    };
    const auto& pages = said.at("pages");
    return {number(said, "worked_on"), number(pages, "total"),       number(pages, "distinct"),
            number(pages, "most"),     number(said, "input_tokens"), number(said, "output_tokens")};
}

asked_so_far enricher_run::booked() {
    static constexpr statement other(
        "select count(*) as n from nd.model_calls where state <> 'confirmed'");
    static constexpr statement ledger(
        "select count(*) as calls, coalesce(sum(pages), 0)::bigint as pages, "
        "coalesce(sum(input_tokens), 0)::bigint as input, "
        "coalesce(sum(output_tokens), 0)::bigint as output "
        "from nd.model_calls where state = 'confirmed'");
    static constexpr statement structures(
        "select count(*) as n from nd.page_structures where notes is not null");
    const auto rows = must(db_.exec(ledger));
    if (const auto unsure = count(other); unsure > 0)
        throw bench_error(exit_finding,
                          fmt::format("{} calls are booked and not confirmed", unsure));
    const auto row = rows[0];
    return {row.integer("calls"), row.integer("pages"), count(structures), 1,
            row.integer("input"), row.integer("output")};
}

}  // namespace nd::bench
