#include "workers/job_desk.hpp"

#include "base/log.hpp"
#include "model/enrich_texts.hpp"
#include "sql/isolation.hpp"
#include "sql/queries/halt_model.hpp"
#include "sql/queries/model_halt.hpp"
#include "sql/queries/tenant/choose_batch.hpp"
#include "sql/queries/tenant/close_call.hpp"
#include "sql/queries/tenant/delay_jobs.hpp"
#include "sql/queries/tenant/drop_structure.hpp"
#include "sql/queries/tenant/end_job.hpp"
#include "sql/queries/tenant/hold_batch.hpp"
#include "sql/queries/tenant/open_call.hpp"
#include "sql/queries/tenant/pick_jobs.hpp"
#include "sql/queries/tenant/recover_calls.hpp"
#include "sql/queries/tenant/renew_call.hpp"
#include "sql/queries/tenant/seen_texts.hpp"
#include "sql/queries/tenant/want_structure.hpp"
#include "sql/queries/tenants_with_jobs.hpp"
#include "workers/asked_json.hpp"
#include "workers/page_view.hpp"
#include "workers/random_id.hpp"

#include <algorithm>

namespace nd::workers {
namespace {

constexpr std::chrono::milliseconds deadline{15'000};
// How long a tenant's jobs wait when a budget has too little left: a month ends, or somebody raises
// it.
constexpr std::chrono::milliseconds budget_wait{600'000};

schema::page_fingerprint fingerprint_in(const base::pg::row& row, std::string_view column) {
    schema::page_fingerprint made;
    const auto bytes = row.bytea(column);
    std::copy_n(bytes.begin(), std::min(bytes.size(), made.bytes.size()), made.bytes.begin());
    return made;
}

std::string_view to_string(call_end::booked money) {
    switch (money) {
        case call_end::booked::confirmed: return "confirmed";
        case call_end::booked::unconfirmed: return "unconfirmed";
        case call_end::booked::nothing: break;
    }
    return "void";
}

base::result<> without_rows(const base::result<base::pg::rows>& said) {
    return said ? base::result<>() : said.error();
}

}  // namespace

std::string_view to_string(model::call_way way) noexcept {
    return way == model::call_way::batch ? "batch" : "fresh";
}

// A call that is being put together.
struct job_desk::draft {
    schema::tenant_id tenant;
    std::string id;  // of the tenant
    model::call_way way;
    std::string call;
    std::optional<std::string> batch{};
    std::optional<model::enrich_request> request{};
    std::vector<asked_job> jobs{};
    bool smaller = false;
    bool any_due = false;
};

job_desk::job_desk(desk_settings with) : with_(std::move(with)) {
    const auto prices = model::price_list::parse(with_.model.prices);
    if (prices) price_ = prices->of(with_.model.model).value_or(model::token_price{});
}

base::result<base::pg::connection*> job_desk::connection() {
    if (db_ && db_->usable()) return &*db_;
    auto opened = base::pg::connection::open(
        with_.url, {.application_name = "nd-enricher jobs", .deadline = deadline});
    if (!opened) return opened.error();
    if (auto safe = sql::refuse_unsafe(*opened); !safe) return safe.error();
    db_.emplace(std::move(*opened));
    return &*db_;
}

base::result<std::vector<schema::tenant_id>> job_desk::tenants_with_jobs(model::call_way way) {
    const auto db = connection();
    if (!db) return db.error();
    const auto rows = (*db)->exec(sql::tenants_with_jobs, to_string(way));
    if (!rows) return rows.error();
    std::vector<schema::tenant_id> made;
    for (const auto row : *rows)
        if (const auto id = schema::parse_tenant_id(row.text("tenant_id"))) made.push_back(*id);
    std::ranges::sort(made);
    return made;
}

base::result<std::string> job_desk::halted() {
    const auto db = connection();
    if (!db) return db.error();
    const auto rows = (*db)->exec(sql::model_halt);
    if (!rows) return rows.error();
    return std::string(rows->empty() ? "" : (*rows)[0].text("reason"));
}

base::result<> job_desk::halt(const std::string& reason) {
    const auto db = connection();
    if (!db) return db.error();
    return without_rows((*db)->exec(sql::halt_model, reason));
}

base::result<job_desk::taken> job_desk::take(const schema::tenant_id& tenant, model::call_way way,
                                             const std::string& batch,
                                             std::chrono::seconds batch_lease) {
    const auto db = connection();
    if (!db) return db.error();
    draft made{tenant, schema::to_string(tenant), way, random_id()};
    if (!batch.empty()) made.batch = batch;
    auto tx = base::pg::tenant_tx::begin(**db, made.id);
    if (!tx) return tx.error();
    if (made.batch) {
        const auto held = tx->exec(sql::hold_batch, made.id, batch, batch_lease.count());
        if (!held) return held.error();
        if (held->empty()) return base::failure(base::errc::conflict, "the batch was given up");
    }
    taken outcome;
    const auto lost = tx->exec(sql::recover_calls, made.id);
    if (!lost) return lost.error();
    outcome.lost = (*lost)[0].integer("lost");
    if (auto filled = fill(*tx, made); !filled) return filled.error();
    outcome.anything = made.any_due;
    if (!made.jobs.empty()) {
        const auto verdict = open(*tx, made);
        if (!verdict) return verdict.error();
        if (*verdict != "open") {
            outcome.budget = *verdict;
            const auto delayed = tx->exec(sql::delay_jobs, made.id, to_string(way),
                                          budget_wait.count(), "budget: " + *verdict);
            if (!delayed) return delayed.error();
        }
    }
    if (auto committed = tx->commit(); !committed) return committed.error();
    if (outcome.budget.empty() && !made.jobs.empty())
        outcome.call.emplace(taken_call{tenant, std::move(made.call), way, std::move(*made.request),
                                        std::move(made.jobs)});
    return outcome;
}

base::result<> job_desk::fill(base::pg::tenant_tx& tx, draft& into) {
    const auto rows = tx.exec(sql::pick_jobs, into.id, to_string(into.way), with_.bounds.pages * 2);
    if (!rows) return rows.error();
    into.any_due = !rows->empty();
    if (rows->empty()) return {};
    into.smaller = (*rows)[0].boolean("smaller");
    into.request.emplace(into.tenant, with_.model.model, with_.model.effort,
                         into.smaller ? with_.bounds.smaller() : with_.bounds);
    for (const auto row : *rows) {
        if (row.boolean("smaller") != into.smaller) continue;
        const auto more = add(tx, into, row);
        if (!more) return more.error();
        if (!*more) break;
    }
    return {};
}

// False: the request is full. The page is looked at as the model may see it now, which may have
// become more, or less, than when the job was made.
base::result<bool> job_desk::add(base::pg::tenant_tx& tx, draft& into, const base::pg::row& row) {
    const auto wanted = fingerprint_in(row, "model_fingerprint");
    const std::span<const std::uint8_t> wanted_bytes(wanted.bytes);
    auto page = row.is_null("fingerprint")
                    ? base::result<schema::safe_page>(base::failure(base::errc::not_found, ""))
                    : reader_.read(row.text("record"));
    if (!page) {
        if (page.error().code != base::errc::not_found)
            base::log::warning("a stored page is no page any more",
                               {{"tenant", into.id}, {"reason", page.error().detail}});
        const auto dropped = tx.exec(sql::drop_structure, into.id, wanted_bytes);
        return dropped ? base::result<bool>(true) : dropped.error();
    }
    const page_view view(into.tenant, *page);
    const auto seen = tx.exec(sql::seen_texts, into.id, view.keys());
    if (!seen) return seen.error();
    const auto visible = view.visible((*seen)[0].integers("seen"));
    if (!visible || visible->fingerprint() != wanted) {
        const auto shown =
            visible ? std::optional(std::span<const std::uint8_t>(visible->fingerprint().bytes))
                    : std::nullopt;
        const auto version = row.bytea("fingerprint");
        const auto moved =
            tx.exec(sql::want_structure, into.id, std::span<const std::uint8_t>(version), shown,
                    page->page(), model::enrich_version, 0);
        return moved ? base::result<bool>(true) : moved.error();
    }
    switch (into.request->add(into.tenant, *visible)) {
        case model::enrich_request::added::full: return false;
        case model::enrich_request::added::other_tenant:
            return base::failure(base::errc::internal, "a page of another tenant");
        case model::enrich_request::added::yes: break;
    }
    into.jobs.push_back(
        {wanted, static_cast<int>(row.integer("attempts")), row.boolean("smaller")});
    return true;
}

base::result<std::string> job_desk::open(base::pg::tenant_tx& tx, const draft& from) {
    const auto input = from.request->input_tokens();
    const auto output = from.request->output_tokens();
    base::pg::bytea_array structures;
    for (const auto& job : from.jobs)
        structures.add(job.structure.bytes);
    const auto asked =
        from.batch ? std::optional(asked_to_json(from.request->asked(), from.jobs)) : std::nullopt;
    const auto said =
        tx.exec(sql::open_call, from.id, from.call, to_string(from.way), from.batch,
                with_.model.model, structures, input, output, cost({input, 0, output}, from.way),
                with_.tenant_nano, with_.total_nano, with_.lease_s, asked);
    if (!said) return said.error();
    return std::string((*said)[0].text("verdict"));
}

base::result<> job_desk::renew(const schema::tenant_id& tenant, const std::string& call) {
    const auto db = connection();
    if (!db) return db.error();
    const auto id = schema::to_string(tenant);
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto renewed = tx->exec(sql::renew_call, id, call, with_.lease_s);
    if (!renewed) return renewed.error();
    return tx->commit();
}

base::result<std::size_t> job_desk::end(const schema::tenant_id& tenant, const std::string& call,
                                        model::call_way way, const std::vector<asked_job>& jobs,
                                        const call_end& how) {
    const auto db = connection();
    if (!db) return db.error();
    const auto id = schema::to_string(tenant);
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto closed =
        tx->exec(sql::close_call, id, call, to_string(how.money), how.usage.input, how.usage.cached,
                 how.usage.output, cost(how.usage, way), how.request_id, how.outcome);
    if (!closed) return closed.error();
    std::size_t ended = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        const std::span<const std::uint8_t> structure(jobs[i].structure.bytes);
        const auto& job = how.jobs.at(i);
        const bool done = job.is == job_end::what::done;
        const auto applied =
            tx->exec(sql::end_job, id, call, structure,
                     done ? "done" : (job.is == job_end::what::parked ? "parked" : "queued"),
                     done ? std::optional(job.notes) : std::nullopt, how.model,
                     to_string(job.by_batch ? model::call_way::batch : model::call_way::fresh),
                     job.smaller, job.counts ? 1 : 0, job.wait.count(), job.reason);
        if (!applied) return applied.error();
        ended += (*applied)[0].boolean("applied") ? 1U : 0U;
    }
    if (auto committed = tx->commit(); !committed) return committed.error();
    return ended;
}

base::result<std::uint64_t> job_desk::choose_batch(const schema::tenant_id& tenant,
                                                   std::int64_t most) {
    const auto db = connection();
    if (!db) return db.error();
    const auto id = schema::to_string(tenant);
    auto tx = base::pg::tenant_tx::begin(**db, id);
    if (!tx) return tx.error();
    const auto chosen = tx->exec(sql::choose_batch, id, most);
    if (!chosen) return chosen.error();
    if (auto committed = tx->commit(); !committed) return committed.error();
    return chosen->affected();
}

std::int64_t job_desk::cost(const model::token_usage& used, model::call_way way) const {
    return model::cost_of(used, price_, way);
}

}  // namespace nd::workers
