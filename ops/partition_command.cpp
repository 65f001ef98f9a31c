// ndctl partitions: weekly partitions of nd.events made ahead, and one for every week that the
// default partition had to catch. Run it daily: cron or a timer. Safe while the writer runs. Old
// ones are dropped by `partitions drop` (partition_drop.cpp).
#include "ops/command_line.hpp"
#include "ops/database.hpp"
#include "ops/migration_run.hpp"
#include "ops/partition_drop.hpp"
#include "ops/partition_store.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>

namespace nd::ops {
namespace {

namespace json = boost::json;

struct partition_options {
    std::int64_t ahead = 4;
    std::int64_t behind = 1;
    std::int64_t most = 100;  // each partition costs every query that does not name a time a little
    bool dry_run = false;
};

struct work {
    std::vector<week> to_make;
    std::vector<week> caught;
    std::size_t present = 0;
    std::size_t left = 0;  // caught weeks beyond --most
};

base::result<work> planned(base::pg::connection& on, const partition_options& options) {
    const auto present = partition_weeks(on);
    if (!present) return present.error();
    const auto caught = caught_weeks(on);
    if (!caught) return caught.error();
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    auto wanted = missing_weeks(
        weeks_around(today, static_cast<int>(options.behind), static_cast<int>(options.ahead)),
        *present);
    auto also = missing_weeks(*caught, *present);
    std::erase_if(also, [&wanted](const week& one) {
        return std::find(wanted.begin(), wanted.end(), one) != wanted.end();
    });
    work plan{std::move(wanted), *caught, present->size(), 0};
    // The newest first: old stray times are what may wait.
    for (auto at = also.rbegin(); at != also.rend(); ++at) {
        if (std::ssize(plan.to_make) < options.most) {
            plan.to_make.push_back(*at);
        } else {
            ++plan.left;
        }
    }
    std::sort(plan.to_make.begin(), plan.to_make.end());
    return plan;
}

struct row_of_week {
    json::object data;
    std::string moved;
};

base::result<row_of_week> carry_out(base::pg::connection& on, week one, const work& plan,
                                    bool dry_run) {
    row_of_week row;
    row.data = {{"partition", "nd." + partition_name(one)},
                {"from", first_day(one)},
                {"to", first_day(one.next())}};
    if (dry_run) {
        const bool caught =
            std::find(plan.caught.begin(), plan.caught.end(), one) != plan.caught.end();
        row.data["default_has_rows"] = caught;
        row.moved = caught ? "(has some)" : "-";
        return row;
    }
    const auto made = make_partition(on, one);
    if (!made) return made.error();
    row.data["rows_moved"] = *made;
    row.moved = std::to_string(*made);
    return row;
}

report tell(const work& plan, const partition_options& options, const text_table& table,
            json::array list) {
    const auto done = plan.to_make.size();
    report said;
    said.data = {{options.dry_run ? "would_make" : "made", std::move(list)},
                 {"present", plan.present + (options.dry_run ? 0 : done)},
                 {"caught_weeks_left", plan.left}};
    said.text = done == 0 ? fmt::format("Nothing to do: {} present, {} ahead.\n",
                                        counted(plan.present, "partition"),
                                        counted(static_cast<std::size_t>(options.ahead), "week"))
                          : fmt::format("{} {}:\n{}", options.dry_run ? "Would make" : "Made",
                                        counted(done, "partition"), table.text());
    if (plan.left > 0) {
        said.text += fmt::format(
            "\nThe default partition keeps rows of {} more: run again, or raise --most.\n",
            counted(plan.left, "week"));
    }
    return said;
}

base::result<report> run_partitions(const settings& from, const partition_options& options) {
    auto on = open_database(from, &settings::migrate_url, no_deadline);
    if (!on) return on.error();
    if (auto owner = become_owner(*on); !owner) return owner.error();
    const auto plan = planned(*on, options);
    if (!plan) return plan.error();
    text_table table({"PARTITION", "FROM", "ROWS MOVED"});
    json::array list;
    for (const auto& one : plan->to_make) {
        auto row = carry_out(*on, one, *plan, options.dry_run);
        if (!row) return row.error();
        table.add({"nd." + partition_name(one), first_day(one), row->moved});
        list.push_back(std::move(row->data));
    }
    return tell(*plan, options, table, std::move(list));
}

}  // namespace

void add_partitions(command_line& line) {
    const auto options = std::make_shared<partition_options>();
    auto partitions =
        line.add("partitions", "make nd.events' weekly partitions ahead and empty the default one",
                 [options](const settings& from) { return run_partitions(from, *options); });
    partitions.number(options->ahead, 1, 520, "--ahead", "weeks after this one [4]");
    partitions.number(options->behind, 0, 520, "--behind", "weeks before this one [1]");
    partitions.number(options->most, 1, 5000, "--most",
                      "weeks of the default partition's rows to move in one run [100]");
    partitions.flag(options->dry_run, "--dry-run", "only say what would be made");
    add_partitions_drop(line);
}

}  // namespace nd::ops
