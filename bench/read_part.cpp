#include "bench/read_part.hpp"

#include "bench/lift_limits.hpp"
#include "bench/read_each.hpp"
#include "bench/scrape.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <algorithm>

namespace nd::bench {
namespace {

constexpr std::size_t pages_of_a_tenant = 10;
constexpr double reads_of_a_tenant = 80;  // a second; a lifted limit lets 100 through
constexpr double p99_goal_ms = 10;

struct reads {
    std::vector<page_read> full;
    std::vector<page_read> unchanged;  // the same ones, with their entity tags
    std::vector<page_read> lists;
};

reads reads_of(const load_plan& over, std::span<const std::string> keys) {
    reads made;
    for (const auto& key : keys)
        made.lists.push_back({key, "/v1/schema", {}});
    std::vector<std::vector<std::string>> targets;
    for (const auto& list : read_each(over, made.lists))
        targets.push_back(page_targets(list.body, pages_of_a_tenant));
    for (std::size_t page = 0; page < pages_of_a_tenant; ++page)
        for (std::size_t i = 0; i < keys.size(); ++i)
            if (page < targets[i].size()) made.full.push_back({keys[i], targets[i][page], {}});
    if (made.full.empty()) throw bench_error(exit_finding, "no list names an enriched page");
    const auto answers = read_each(over, made.full);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!boost::json::parse(answers[i].body).at("enriched").as_bool())
            throw bench_error(exit_finding, made.full[i].target + " is not enriched");
        if (answers[i].etag.empty())
            throw bench_error(exit_finding, made.full[i].target + " has no ETag");
        made.unchanged.push_back({made.full[i].key, made.full[i].target, answers[i].etag});
    }
    return made;
}

// What nd-ingest has answered from memory, and in all.
struct read_counts {
    double memory = 0;
    double all = 0;
};

read_counts counts_of(const bed::server& server) {
    constexpr const char* name = "nd_ingest_page_reads_total";
    const auto page = scrape(server.own->number_in_log("admin_port="));
    return {sample_of(page, fmt::format("{}{{from=\"memory\"}}", name)), sample_of(page, name)};
}

void measure(bed& on, const bed::server& server, const meter& watched, const load_plan& load,
             const std::string& name) {
    const auto before = counts_of(server);
    const auto measured = on.run(load, watched);
    const auto after = counts_of(server);
    const auto& got = measured.load;
    on.judge(name, got);
    if (got.failures() > 0)
        on.into.unsound(fmt::format("{}: {} of {} reads were not answered as they should be", name,
                                    got.failures(), got.requests + got.failures()));
    on.into.add(name + ".rate", "answers/s", better::higher, got.events_per_s());
    on.into.add(name + ".p50", "ms", better::lower, got.latency.quantile_ms(0.5));
    on.into.add(name + ".p99", "ms", better::lower, got.latency.quantile_ms(0.99));
    on.into.at(name + ".p99", "ms", better::lower).goal = p99_goal_ms;
    on.into.add(name + ".p999", "ms", better::lower, got.latency.quantile_ms(0.999));
    on.into.add(name + ".wire", "B/answer", better::neither,
                static_cast<double>(got.bytes_received) /
                    static_cast<double>(std::max<std::uint64_t>(1, got.requests)));
    on.into.add(name + ".from_memory", "%", better::neither,
                100 * (after.memory - before.memory) / (after.all - before.all));
    on.into.add(name + ".cpu", "us/answer", better::lower,
                used_by(measured.cpu_us_per_event, "nd-ingest"));
    on.into.add(name + ".cpu.postgres", "us/answer", better::lower,
                used_by(measured.cpu_us_per_event, "postgres"));
}

}  // namespace

void measure_reads(bed& on, std::size_t tenants) {
    const auto some = std::min(tenants, on.keys.size());
    lift_limits(on, std::span(on.tenants).first(some), schema::limit_class::read);
    const auto server = on.start_ingest();
    auto watched = on.common_meter();
    watched.add("nd-ingest", server.pid);
    auto load = on.plan_for(server.at, server.host, 1);
    load.requests_per_s = reads_of_a_tenant * static_cast<double>(some);
    const auto made = reads_of(load, std::span(on.keys).first(some));
    on.into.note(fmt::format(
        "pages.read: {} pages of {} tenants in turn at {:.0f}/s; their limit of reading is 6,000 a "
        "minute instead of 600; what Postgres is asked again after five seconds is in the figures",
        made.full.size(), some, load.requests_per_s));
    const auto one = [&](const std::vector<page_read>& what, const std::string& name) {
        load.reads = what;
        measure(on, server, watched, load, "pages.read." + name);
    };
    for (std::int64_t round = 1; round <= on.with.rounds; ++round) {
        on.show.step(fmt::format("reading {} pages at {:.0f}/s, round {}/{}", made.full.size(),
                                 load.requests_per_s, round, on.with.rounds));
        one(made.full, "full");
        one(made.unchanged, "unchanged");
        one(made.lists, "list");
    }
}

}  // namespace nd::bench
