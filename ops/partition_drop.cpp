// ndctl partitions drop: weeks that are past their time, for good. Whole partitions only, so that
// it costs a moment however many rows there are.
#include "ops/partition_drop.hpp"

#include "ops/database.hpp"
#include "ops/migration_run.hpp"
#include "ops/partition_store.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <chrono>
#include <memory>

namespace nd::ops {
namespace {

namespace json = boost::json;

std::string size_text(std::int64_t bytes) {
    return bytes < 10'000'000 ? fmt::format("{} kB", bytes / 1000)
                              : fmt::format("{} MB", bytes / 1'000'000);
}

struct outcome {
    json::array list;
    text_table table{{"PARTITION", "FROM", "ROWS, ABOUT", "ON DISK"}};
    std::size_t count = 0;

    void add(const sized_week& one) {
        table.add({"nd." + partition_name(one.of), first_day(one.of),
                   std::to_string(one.rows_about), size_text(one.bytes)});
        list.push_back(json::object{{"partition", "nd." + partition_name(one.of)},
                                    {"from", first_day(one.of)},
                                    {"to", first_day(one.of.next())},
                                    {"rows_about", one.rows_about},
                                    {"bytes", one.bytes}});
        ++count;
    }
};

report tell(outcome done, std::size_t kept, std::size_t caught, bool dry_run) {
    report said;
    said.data = {{dry_run ? "would_drop" : "dropped", std::move(done.list)},
                 {"kept", kept},
                 {"older_weeks_in_default", caught}};
    said.text = done.count == 0
                    ? fmt::format("Nothing to drop: {} kept.\n", counted(kept, "partition"))
                    : fmt::format("{} {}:\n{}", dry_run ? "Would drop" : "Dropped",
                                  counted(done.count, "partition"), done.table.text());
    if (caught > 0) {
        said.text += fmt::format(
            "\nThe default partition, which is never dropped, has rows of {} that are as old: run "
            "ndctl partitions, which gives them partitions, and then this again.\n",
            counted(caught, "week"));
    }
    return said;
}

}  // namespace

base::result<report> drop_partitions(const settings& from, const drop_options& options) {
    const auto today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    const auto before = parse_cutoff(options.older_than, today);
    if (!before) return before.error();
    auto on = open_database(from, &settings::migrate_url, no_deadline);
    if (!on) return on.error();
    if (auto owner = become_owner(*on); !owner) return owner.error();
    const auto present = partition_sizes(*on);
    if (!present) return present.error();
    auto caught = caught_weeks(*on);
    if (!caught) return caught.error();
    std::erase_if(*caught, [&](const week& one) { return !ends_by(one, *before); });
    outcome done;
    for (const auto& one : *present) {
        if (!ends_by(one.of, *before)) continue;
        if (!options.dry_run) {
            const auto dropped = drop_partition(*on, one.of);
            if (!dropped) {
                auto problem = dropped.error();
                problem.detail += fmt::format(" ({} dropped before)", done.count);
                return problem;
            }
            if (!*dropped) continue;  // another ndctl was quicker
        }
        done.add(one);
    }
    const auto kept = present->size() - (options.dry_run ? 0 : done.count);
    return tell(std::move(done), kept, caught->size(), options.dry_run);
}

void add_partitions_drop(command_line& line) {
    const auto options = std::make_shared<drop_options>();
    auto drop =
        line.add("partitions drop", "drop the weeks that are older than they need be",
                 [options](const settings& from) { return drop_partitions(from, *options); });
    drop.text(options->older_than, "--older-than",
              "180d, 26w, or a day, YYYY-MM-DD: weeks that ended before it go", needed::yes);
    drop.flag(options->dry_run, "--dry-run", "only say what would be dropped");
}

}  // namespace nd::ops
