#include "tests/faults/checks.hpp"

#include "base/pg.hpp"
#include "schema/record.hpp"
#include "tests/faults/proof.hpp"
#include "tests/support/log_end.hpp"
#include "tests/support/stack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nd::tests {
namespace {

namespace pg = nd::base::pg;
using namespace std::chrono_literals;

template <class T>
T need(base::result<T> outcome) {
    if (!outcome) throw std::runtime_error("a check: " + outcome.error().detail);
    return std::move(*outcome);
}

pg::rows ask(scene& on, pg::statement sql) {
    auto connection = need(pg::connection::open(on.all.postgres().url("nd")));
    connection.set_deadline(std::chrono::minutes(2));
    return need(connection.exec(sql));
}

constexpr pg::tenant_statement all_rows(R"(
    select event_id::text as event_id, environment, name, session_id, user_id, page,
           properties::text as properties,
           to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as occurred_at,
           received_at between occurred_at - interval '5 seconds' and now() + interval '5 seconds'
               as in_time
    from nd.events)");

verdict judge_all(scene& on, const ledger& owed, const std::vector<std::string>& tenants) {
    verdict out;
    auto connection = need(pg::connection::open(on.all.postgres().url("nd", "nd_reader")));
    connection.set_deadline(std::chrono::minutes(2));
    for (const auto& tenant : tenants) {
        auto tx = need(pg::tenant_tx::begin(connection, tenant));
        const auto rows = need(tx.exec(all_rows));
        tenant_judge one(owed, tenant, out);
        for (const auto row : rows) {
            one.see({std::string(row.text("event_id")), std::string(row.text("occurred_at")),
                     std::string(row.text("environment")), std::string(row.text("name")),
                     row.optional_text("session_id"), row.optional_text("user_id"),
                     row.optional_text("page").value_or(""), std::string(row.text("properties")),
                     row.boolean("in_time")});
        }
        one.finish();
    }
    return out;
}

bool all_is_read(scene& on) {
    return read_to_the_end(on.all.kafka().bootstrap(), on.all.postgres().url("nd"));
}

// Rows of tenants that nobody made, or that row-level security shows to nobody.
std::optional<std::string> rows_of_nobody(scene& on, const ledger& owed) {
    const auto rows =
        ask(on, pg::statement("select tenant_id::text as tenant, count(*) as n from nd.events "
                              "group by 1"));
    const auto known = owed.tenants();
    for (const auto row : rows) {
        const std::string tenant(row.text("tenant"));
        if (std::find(known.begin(), known.end(), tenant) == known.end())
            return fmt::format("{} rows of {}, who sent nothing", row.integer("n"), tenant);
    }
    return std::nullopt;
}

// Every event was good, whatever broke around it.
std::optional<std::string> dead_letters(scene& on, const ledger&) {
    const auto sum = records_in(on.all.kafka().bootstrap(), schema::dead_topic);
    if (sum == 0) return std::nullopt;
    return fmt::format("{} records in {}", sum, schema::dead_topic);
}

std::optional<std::string> refusals(scene& on, const ledger&) {
    for (const auto& [status, count] : on.clients.answers()) {
        if (status != 202 && status != 503 && status != 0)
            return fmt::format("{} answers {}{}", count, status,
                               status == -1 ? " (202 that rejects events)" : "");
    }
    return std::nullopt;
}

std::optional<std::string> crashes(scene& on, const ledger&) {
    if (on.all.crashes() == 0) return std::nullopt;
    return fmt::format("{} programs ended by a signal that nobody sent", on.all.crashes());
}

std::optional<std::string> audit(scene& on, const ledger& owed) {
    return audit_proof(on, owed.accepted()).wrong;
}

}  // namespace

std::vector<calm_check> calm_checks() {
    return {{"rows of nobody", rows_of_nobody},
            {"dead letters", dead_letters},
            {"refusals", refusals},
            {"crashes", crashes},
            {"audit", audit}};
}

verdict wait_for_rows(scene& on, const ledger& owed, const std::vector<std::string>& tenants,
                      std::chrono::seconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    while (std::chrono::steady_clock::now() < until && !all_is_read(on))
        std::this_thread::sleep_for(500ms);
    verdict out;
    do {
        out = judge_all(on, owed, tenants);
        if (out.missing == 0) break;
        std::this_thread::sleep_for(1s);
    } while (std::chrono::steady_clock::now() < until);
    if (!all_is_read(on)) out.details.push_back("the writers have not read to the topic's end");
    return out;
}

}  // namespace nd::tests
