#include "workers/page_store.hpp"

#include "model/enrich_texts.hpp"
#include "sql/isolation.hpp"
#include "sql/queries/advance_pages.hpp"
#include "sql/queries/read_progress.hpp"
#include "sql/queries/tenant/take_page.hpp"
#include "sql/queries/tenant/want_structure.hpp"
#include "workers/page_view.hpp"

namespace nd::workers {
namespace {

constexpr std::chrono::milliseconds deadline{20'000};

std::span<const std::uint8_t> bytes_of(const schema::page_fingerprint& of) {
    return of.bytes;
}

std::optional<std::string> session_of(const schema::safe_page& page) {
    if (page.session().hex().empty()) return std::nullopt;
    return "\\x" + std::string(page.session().half());
}

}  // namespace

base::result<> page_store::connect() {
    if (db_ && db_->usable()) return {};
    auto opened = base::pg::connection::open(
        url_, {.application_name = "nd-enricher pages", .deadline = deadline});
    if (!opened) return opened.error();
    if (auto safe = sql::refuse_unsafe(*opened); !safe) return safe.error();
    db_.emplace(std::move(*opened));
    return {};
}

base::result<std::vector<base::kafka_position>> page_store::read_progress() {
    if (auto connected = connect(); !connected) return connected.error();
    const auto rows = db_->exec(sql::read_progress, cluster_, topic_);
    if (!rows) return rows.error();
    std::vector<base::kafka_position> progress;
    for (const auto row : *rows) {
        progress.push_back(
            {static_cast<std::int32_t>(row.integer("partition")), row.integer("next_offset")});
    }
    return progress;
}

base::result<pages_stored> page_store::store(const page_batch& pages) {
    if (auto connected = connect(); !connected) return connected.error();
    pages_stored done;
    for (const auto& [tenant, loads] : pages.tenants()) {
        const auto jobs = store_tenant(tenant, loads);
        if (jobs) {
            done.loads += loads.size();
            done.jobs += *jobs;
            continue;
        }
        if (jobs.error().code != base::errc::data) return jobs.error();
        // One of them is at fault: each by itself.
        for (const auto& load : loads) {
            const auto one = store_tenant(tenant, {&load, 1});
            if (one) {
                ++done.loads;
                done.jobs += *one;
            } else if (one.error().code == base::errc::data) {
                done.refused.push_back(load.letter);
                done.refused.back().sqlstate = one.error().sqlstate;
                done.refused.back().reason = "refused: " + one.error().detail;
            } else {
                return one.error();
            }
        }
    }
    return done;
}

base::result<std::size_t> page_store::store_tenant(const schema::tenant_id& tenant,
                                                   std::span<const page_load> loads) {
    auto tx = base::pg::tenant_tx::begin(*db_, schema::to_string(tenant));
    if (!tx) return tx.error();
    std::size_t jobs = 0;
    for (const auto& load : loads) {
        const auto wanted = store_load(*tx, tenant, load);
        if (!wanted) return wanted.error();
        jobs += *wanted ? 1U : 0U;
    }
    if (auto committed = tx->commit(); !committed) return committed.error();
    return jobs;
}

base::result<bool> page_store::store_load(base::pg::tenant_tx& tx, const schema::tenant_id& tenant,
                                          const page_load& load) {
    const auto id = schema::to_string(tenant);
    const page_view view(tenant, load.page);
    elements_.clear();
    schema::write_page_elements(load.page, elements_);
    const auto taken = tx.exec(sql::take_page, id, bytes_of(load.fingerprint), load.page.page(),
                               load.page.title(), elements_, session_of(load.page), view.keys());
    if (!taken) return taken.error();
    const auto visible = view.visible((*taken)[0].integers("seen"));
    const auto shown = visible ? std::optional(bytes_of(visible->fingerprint())) : std::nullopt;
    const auto wanted = tx.exec(sql::want_structure, id, bytes_of(load.fingerprint), shown,
                                load.page.page(), model::enrich_version, linger_.count());
    if (!wanted) return wanted.error();
    return (*wanted)[0].boolean("wanted");
}

base::result<> page_store::advance(std::span<const base::kafka_position> to) {
    if (auto connected = connect(); !connected) return connected.error();
    for (const auto& one : to) {
        const auto moved = db_->exec(sql::advance_pages, cluster_, one.partition, one.offset);
        if (!moved) return moved.error();
    }
    return {};
}

}  // namespace nd::workers
