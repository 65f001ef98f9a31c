#include "ops/model_check.hpp"

#include "base/hmac.hpp"
#include "ops/schema_store.hpp"
#include "sql/queries/model_halt.hpp"
#include "sql/queries/tenant/schema_counts.hpp"

#include <fmt/format.h>

namespace nd::ops {
namespace {

check unasked(check seen, const base::error& problem) {
    seen.detail = "not asked: " + problem.detail;  // check_postgres and check_database say why
    seen.skipped = true;
    return seen;
}

void check_key(check& seen, const settings& from) {
    if (from.openai_key_file.empty()) {
        seen.detail = "no key: pages are stored, jobs wait";
        return;
    }
    const auto key = base::read_secret_file(from.openai_key_file);
    if (!key)
        seen.found.push_back({"openai_key", from.openai_key_file, key.error().detail,
                              "nd-enricher asks nothing until it can read its key"});
}

}  // namespace

check check_model(const settings& from) {
    check seen{"model", {}, {}, false};
    if (from.operator_url.empty())
        return {"model", "ND_OPERATOR_DATABASE_URL is not set", {}, true};
    check_key(seen, from);
    auto store = schema_store::open(from, "");
    if (!store) return unasked(std::move(seen), store.error());
    const auto halt = store->on().exec(sql::model_halt);
    if (!halt) return unasked(std::move(seen), halt.error());
    const std::string reason(halt->empty() ? "" : (*halt)[0].text("reason"));
    if (!reason.empty())
        seen.found.push_back(
            {"model_halted", "nd-enricher", reason,
             "mend it at the service or in the settings, then ndctl schema retry"});
    std::int64_t waiting = 0;
    std::int64_t parked = 0;
    std::int64_t without_budget = 0;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto rows = inside.exec(sql::schema_counts, of.id);
        if (!rows) return rows.error();
        waiting += (*rows)[0].integer("queued") + (*rows)[0].integer("asked");
        parked += (*rows)[0].integer("parked");
        without_budget += (*rows)[0].integer("without_budget");
        return {};
    });
    if (!done) return unasked(std::move(seen), done.error());
    if (without_budget > 0)
        seen.found.push_back(
            {"model_budget", fmt::format("{} structures", without_budget),
             "wait because a month's budget has too little left",
             "ndctl schema cost; raise it with ndctl schema set or --total-budget"});
    if (!seen.detail.empty()) seen.detail += "; ";
    seen.detail += fmt::format("{} structures wait, {} parked", waiting, parked);
    return seen;
}

}  // namespace nd::ops
