#include "ops/schema_work.hpp"

#include "ops/progress_line.hpp"
#include "ops/schema_store.hpp"
#include "ops/text_table.hpp"
#include "schema/dollars.hpp"
#include "sql/queries/resume_model.hpp"
#include "sql/queries/tenant/cancel_batches.hpp"
#include "sql/queries/tenant/choose_way.hpp"
#include "sql/queries/tenant/enrich_settings.hpp"
#include "sql/queries/tenant/retry_jobs.hpp"
#include "sql/queries/tenant/schema_counts.hpp"
#include "sql/queries/tenant/set_enrichment.hpp"

#include <fmt/format.h>

#include <optional>
#include <thread>

namespace nd::ops {
namespace {

constexpr std::chrono::milliseconds look_every{500};

struct standing {
    std::int64_t open = 0;
    std::int64_t ended = 0;
    std::int64_t parked = 0;
    std::int64_t without_budget = 0;
};

base::result<standing> stand(schema_store& store) {
    standing now;
    const auto done = store.each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::schema_counts, of.id);
        if (!rows) return rows.error();
        const auto row = (*rows)[0];
        now.open += row.integer("queued") + row.integer("asked");
        now.ended += row.integer("enriched") + row.integer("parked");
        now.parked += row.integer("parked");
        now.without_budget += row.integer("without_budget");
        return {};
    });
    if (!done) return done.error();
    return now;
}

// Until nothing is left but what no budget lets through.
base::result<standing> wait_until_done(schema_store& store) {
    progress_line line("structures");
    while (true) {
        auto now = stand(store);
        if (!now) return now.error();
        const auto all = now->open + now->ended;
        line.show(all == 0 ? 1 : static_cast<double>(now->ended) / static_cast<double>(all),
                  now->ended, now->without_budget > 0 ? "some wait for a budget" : "");
        if (now->open <= now->without_budget) return now;
        std::this_thread::sleep_for(look_every);
    }
}

}  // namespace

base::result<report> retry_schemas(const settings& from, const std::string& tenant,
                                   const std::string& page) {
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    std::uint64_t again = 0;
    const auto only = page.empty() ? std::nullopt : std::optional(page);
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::retry_jobs, of.id, only);
        if (!rows) return rows.error();
        again += rows->affected();
        return {};
    });
    if (!done) return done.error();
    const auto resumed = store->on().exec(sql::resume_model);
    if (!resumed) return resumed.error();
    const bool was_halted = resumed->affected() > 0;
    return report{{{"retried", again}, {"was_halted", was_halted}},
                  fmt::format("{} to be asked about again{}\n", counted(again, "structure"),
                              was_halted ? "; the model is asked again" : ""),
                  exit_status::fine};
}

base::result<report> enrich_schemas(const settings& from, const enrich_wish& wish) {
    auto store = schema_store::open(from, wish.tenant);
    if (!store) return store.error();
    std::uint64_t chosen = 0;
    std::uint64_t cancelled = 0;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        if (wish.cancel) {
            const auto rows = inside.exec(sql::cancel_batches, of.id);
            if (!rows) return rows.error();
            cancelled += rows->affected();
            return {};
        }
        const auto rows = inside.exec(sql::choose_way, of.id, wish.batch ? "batch" : "fresh");
        if (!rows) return rows.error();
        chosen += rows->affected();
        return {};
    });
    if (!done) return done.error();
    if (wish.cancel)
        return report{
            {{"cancelled", cancelled}},
            fmt::format("{} asked to end; what is not done goes the fresh way\n",
                        cancelled == 1 ? "1 batch" : std::to_string(cancelled) + " batches"),
            exit_status::fine};
    report said{{{"chosen", chosen}, {"way", wish.batch ? "batch" : "fresh"}},
                fmt::format("{} to be asked about {}\n", counted(chosen, "structure"),
                            wish.batch ? "by the Batch API" : "within seconds"),
                exit_status::fine};
    if (!wish.wait) return said;
    const auto end = wait_until_done(*store);
    if (!end) return end.error();
    said.data["enriched"] = end->ended - end->parked;
    said.data["parked"] = end->parked;
    said.data["without_budget"] = end->without_budget;
    said.text += fmt::format("{} enriched, {} parked, {} without a budget\n",
                             end->ended - end->parked, end->parked, end->without_budget);
    if (end->parked + end->without_budget > 0) said.status = exit_status::finding;
    return said;
}

base::result<report> set_enrichment(const settings& from, const enrich_settings& wish) {
    std::optional<std::int64_t> budget;
    if (wish.month_budget == "default") {
        budget = -1;
    } else if (!wish.month_budget.empty()) {
        const auto read = schema::parse_dollars(wish.month_budget);
        if (!read)
            return base::failure(base::errc::invalid, "--monthly-budget: " + read.error().detail);
        budget = *read;
    }
    auto store = schema_store::open(from, wish.tenant);
    if (!store) return store.error();
    const auto sessions = wish.min_sessions == 0 ? std::nullopt : std::optional(wish.min_sessions);
    report said;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        if (sessions || budget) {
            const auto set = inside.exec(sql::set_enrichment, of.id, sessions, budget);
            if (!set) return set.error();
        }
        const auto rows = inside.exec(sql::enrich_settings, of.id);
        if (!rows) return rows.error();
        const auto own = (*rows)[0].optional_integer("month_nano");
        const auto shown = own ? schema::dollars(*own) : std::string("default");
        said.data = {{"tenant_id", of.id},
                     {"min_sessions", (*rows)[0].integer("min_sessions")},
                     {"monthly_budget", shown}};
        said.text = fmt::format(
            "Tenant \"{}\": a text is shown to the model once {} met it; dollars a month: {}\n",
            of.name,
            counted(static_cast<std::size_t>((*rows)[0].integer("min_sessions")), "session"),
            shown);
        return {};
    });
    if (!done) return done.error();
    return said;
}

}  // namespace nd::ops
