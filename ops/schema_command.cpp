// ndctl schema: the page structures and what the model was asked about them. Here is how the
// commands are said; they are in schema_list, schema_work, schema_prune and schema_cost.
#include "ops/command_line.hpp"
#include "ops/schema_cost.hpp"
#include "ops/schema_list.hpp"
#include "ops/schema_prune.hpp"
#include "ops/schema_work.hpp"

#include <fmt/chrono.h>

#include <ctime>
#include <memory>

namespace nd::ops {
namespace {

struct schema_options {
    std::string tenant;
    std::string page;
    std::string month;
    std::string older_than;
    std::int64_t most = 100;
    enrich_wish enrich;
    enrich_settings own;
};

std::string this_month() {
    return fmt::format("{:%Y-%m}", fmt::gmtime(std::time(nullptr)));
}

base::result<report> run_enrich(const settings& from, const schema_options& options) {
    auto wish = options.enrich;
    wish.tenant = options.tenant;
    return enrich_schemas(from, wish);
}

base::result<report> run_set(const settings& from, const schema_options& options) {
    auto wish = options.own;
    wish.tenant = options.tenant;
    return set_enrichment(from, wish);
}

void add_prune(command_line& line) {
    const auto options = std::make_shared<schema_options>();
    auto made = line.add("schema prune", "weekly: delete what nobody has loaded for long",
                         [options](const settings& from) {
                             return prune_schemas(from, options->tenant, options->older_than);
                         });
    made.text(options->tenant, "--tenant", "only this tenant's");
    made.text(options->older_than, "--older-than", "180d, 26w, or a day, YYYY-MM-DD", needed::yes);
}

}  // namespace

void add_schema(command_line& line) {
    line.group("schema",
               "page structures and their enrichment: list, show, parked, retry, enrich, "
               "cost, set, prune");
    const auto add = [&line](const char* words, const char* summary, auto run, needed tenant) {
        const auto options = std::make_shared<schema_options>();
        auto made =
            line.add(words, summary, [=](const settings& from) { return run(from, *options); });
        made.text(options->tenant, "--tenant",
                  tenant == needed::yes ? "the tenant's id" : "only this tenant's", tenant);
        return std::pair(made, options);
    };
    using options = const schema_options&;
    add(
        "schema list", "how far each tenant is, or a tenant's pages",
        [](const settings& from, options o) { return list_schemas(from, o.tenant); }, needed::no);
    auto [show, shown] = add(
        "schema show", "a page as GET /v1/schema answers it",
        [](const settings& from, options o) { return show_schema(from, o.tenant, o.page); },
        needed::yes);
    show.text(shown->page, "page", "its route, as list shows it", needed::yes);
    auto [parked, listed] = add(
        "schema parked", "what the model gave no usable answer about, and why",
        [](const settings& from, options o) { return list_parked(from, o.tenant, o.most); },
        needed::no);
    parked.number(listed->most, 1, 100'000, "--limit", "of each tenant [100]");
    auto [retry, retried] = add(
        "schema retry", "ask again about what is parked, and after money, quota or key were mended",
        [](const settings& from, options o) { return retry_schemas(from, o.tenant, o.page); },
        needed::no);
    retry.text(retried->page, "--page", "only this route's");
    auto [enrich, wished] =
        add("schema enrich", "ask about all that waits, now", run_enrich, needed::no);
    enrich.flag(wished->enrich.batch, "--batch", "by the Batch API: half the price, within a day");
    enrich.flag(wished->enrich.cancel, "--cancel", "instead: end the batches that are under way");
    enrich.flag(wished->enrich.wait, "--wait", "until all are done, and show how far it is");
    enrich.not_both("--batch", "--cancel");
    auto [cost, counted] = add(
        "schema cost", "what the calls of a month cost, against the budgets",
        [](const settings& from, options o) {
            return schema_cost(from, o.tenant, o.month.empty() ? this_month() : o.month);
        },
        needed::no);
    cost.text(counted->month, "--month", "YYYY-MM [this one, in UTC]");
    auto [set, own] =
        add("schema set", "a tenant's own settings; without any, shows them", run_set, needed::yes);
    set.number(own->own.min_sessions, 1, 20, "--min-sessions",
               "the model sees a text once so many sessions have met it [2]");
    set.text(own->own.month_budget, "--monthly-budget", "dollars, or default");
    add_prune(line);
}

}  // namespace nd::ops
