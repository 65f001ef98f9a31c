#include "ops/partition_store.hpp"

#include "sql/queries/caught_weeks.hpp"
#include "sql/queries/drop_partition.hpp"
#include "sql/queries/limit_lock_wait.hpp"
#include "sql/queries/make_partition.hpp"
#include "sql/queries/partition_sizes.hpp"
#include "sql/queries/partition_weeks.hpp"

#include <fmt/format.h>

#include <thread>

namespace nd::ops {
namespace {

constexpr int attempts = 8;
constexpr const char* lock_not_had = "55P03";

base::result<std::vector<week>> weeks_of(const base::result<base::pg::rows>& rows) {
    if (!rows) return rows.error();
    std::vector<week> weeks;
    for (const auto row : *rows) {
        const auto parsed = parse_week(row.text("monday"));
        if (!parsed) return parsed.error();
        weeks.push_back(*parsed);
    }
    return weeks;
}

// A lock that is not had within limit_lock_wait, or a deadlock: the writers go first, then it is
// asked again.
template <class Ask>
base::result<base::pg::rows> patiently(base::pg::connection& on, const Ask& ask) {
    if (auto limited = on.exec(sql::limit_lock_wait); !limited) return limited.error();
    for (int attempt = 1;; ++attempt) {
        auto answer = ask();
        if (answer) return answer;
        auto problem = answer.error();
        const bool again = problem.sqlstate == lock_not_had || problem.code == base::errc::conflict;
        if (again && attempt < attempts) {
            std::this_thread::sleep_for(std::chrono::milliseconds(200 * attempt));
            continue;
        }
        if (problem.sqlstate == lock_not_had) {
            problem.detail =
                "some transaction holds nd.events for long: end it (pg_stat_activity, "
                "pg_locks) and "
                "run this again";
        }
        return problem;
    }
}

}  // namespace

base::result<std::vector<week>> partition_weeks(base::pg::connection& on) {
    return weeks_of(on.exec(sql::partition_weeks));
}

base::result<std::vector<week>> caught_weeks(base::pg::connection& on) {
    return weeks_of(patiently(on, [&on] { return on.exec(sql::caught_weeks); }));
}

base::result<std::int64_t> make_partition(base::pg::connection& on, week of) {
    const auto made =
        patiently(on, [&on, of] { return on.exec(sql::make_partition, first_day(of)); });
    // NULL: another ndctl was quicker.
    if (made) return (*made)[0].optional_integer("moved").value_or(0);
    auto problem = made.error();
    problem.detail = fmt::format("making nd.{}: {}", partition_name(of), problem.detail);
    return problem;
}

base::result<std::vector<sized_week>> partition_sizes(base::pg::connection& on) {
    const auto rows = on.exec(sql::partition_sizes);
    if (!rows) return rows.error();
    std::vector<sized_week> weeks;
    for (const auto row : *rows) {
        const auto parsed = parse_week(row.text("monday"));
        if (!parsed) return parsed.error();
        weeks.push_back({*parsed, row.integer("rows_about"), row.integer("bytes")});
    }
    return weeks;
}

base::result<bool> drop_partition(base::pg::connection& on, week of) {
    const auto dropped =
        patiently(on, [&on, of] { return on.exec(sql::drop_partition, first_day(of)); });
    if (dropped) return (*dropped)[0].boolean("dropped");
    auto problem = dropped.error();
    problem.detail = fmt::format("dropping nd.{}: {}", partition_name(of), problem.detail);
    return problem;
}

}  // namespace nd::ops
