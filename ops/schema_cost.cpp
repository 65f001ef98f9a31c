#include "ops/schema_cost.hpp"

#include "ops/printable.hpp"
#include "ops/schema_store.hpp"
#include "ops/text_table.hpp"
#include "schema/dollars.hpp"
#include "sql/queries/model_spent.hpp"
#include "sql/queries/tenant/enrich_settings.hpp"
#include "sql/queries/tenant/schema_costs.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>

namespace nd::ops {
namespace {

namespace json = boost::json;

bool is_month(const std::string& text) {
    if (text.size() != 7 || text[4] != '-') return false;
    const auto digits = text.substr(0, 4) + text.substr(5);
    const bool all = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
    return all && text.substr(0, 2) == "20" && text.substr(5) >= "01" && text.substr(5) <= "12";
}

json::object tell_line(const base::pg::row& row, const std::string& tenant) {
    json::object one{{"tenant_id", tenant}, {"way", row.text("way")}, {"state", row.text("state")}};
    for (const auto* column :
         {"calls", "pages", "input_tokens", "cached_tokens", "output_tokens", "resends", "nano"})
        one[column] = row.integer(column);
    one["dollars"] = schema::dollars(row.integer("nano"));
    return one;
}

}  // namespace

base::result<report> schema_cost(const settings& from, const std::string& tenant,
                                 const std::string& month) {
    if (!is_month(month))
        return base::failure(base::errc::invalid,
                             fmt::format("--month: \"{}\" is no month like 2026-11", month));
    auto store = schema_store::open(from, tenant);
    if (!store) return store.error();
    const auto day = month + "-01";
    text_table table({"TENANT", "NAME", "WAY", "STATE", "CALLS", "PAGES", "TOKENS IN", "TOKENS OUT",
                      "DOLLARS", "BUDGET"});
    json::array list;
    const auto done = store->each([&](auto& inside, const auto& of) -> base::result<> {
        const auto own = inside.exec(sql::enrich_settings, of.id);
        if (!own) return own.error();
        const auto budget = (*own)[0].optional_integer("month_nano");
        const auto rows = inside.exec(sql::schema_costs, of.id, day);
        if (!rows) return rows.error();
        for (const auto row : *rows) {
            list.push_back(tell_line(row, of.id));
            table.add(
                {of.id, printable(of.name), std::string(row.text("way")),
                 std::string(row.text("state")), std::to_string(row.integer("calls")),
                 std::to_string(row.integer("pages")), std::to_string(row.integer("input_tokens")),
                 std::to_string(row.integer("output_tokens")), schema::dollars(row.integer("nano")),
                 budget ? schema::dollars(*budget) : "default"});
        }
        return {};
    });
    if (!done) return done.error();
    const auto spent = store->on().exec(sql::model_spent, day);
    if (!spent) return spent.error();
    const auto total = schema::dollars((*spent)[0].integer("nano"));
    const bool none = table.empty();
    return report{{{"month", month}, {"lines", std::move(list)}, {"total_dollars", total}},
                  fmt::format("{}{}, all tenants together: {} dollars booked\n",
                              none ? "" : table.text() + "\n", month, total),
                  exit_status::fine};
}

}  // namespace nd::ops
