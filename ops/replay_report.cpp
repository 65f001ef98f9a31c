#include "ops/replay_report.hpp"

#include "ops/printable.hpp"
#include "ops/progress_line.hpp"
#include "ops/text_table.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>

namespace nd::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t most_rows_shown = 60;

json::array to_json(const std::vector<dead_record>& dead) {
    json::array list;
    for (const auto& one : dead) {
        list.push_back(json::object{
            {"partition", one.partition}, {"offset", one.offset}, {"reason", one.reason}});
    }
    return list;
}

std::string to_text(const std::vector<dead_record>& dead) {
    std::string text;
    for (const auto& one : dead)
        text += fmt::format("  partition {} offset {}: {}\n", one.partition, one.offset,
                            printable(one.reason));
    return text;
}

std::string counts_text(const job_counts& counts, const char* written) {
    const auto line = [](const char* what, std::int64_t number) {
        return fmt::format("{:<14}{:>16}\n", what, with_commas(number));
    };
    return line("read", counts.read) + line("already there", counts.there()) +
           line(written, counts.written) + line("dead", counts.dead) +
           line("erased", counts.erased) + line("expired", counts.expired);
}

std::string hour_text(std::int64_t seconds) {
    return schema::to_string(schema::instant{seconds * 1'000'000}).substr(0, 13) + ":00Z";
}

std::string files_text(const json::object& spec) {
    std::string text;
    for (const auto& file : spec.at("files").as_array())
        text += (text.empty() ? "" : ", ") + json::value_to<std::string>(file.at("path"));
    return text;
}

}  // namespace

report tell_replay(const job& done, const replay_result& result) {
    const auto counts = done.counts();
    const bool equal = counts.log_digest == counts.table_digest;
    report said;
    said.data = to_json(done);
    said.data["dead_records"] = to_json(result.dead);
    said.data["seconds"] = result.seconds;
    said.data["gave_way_seconds"] = result.gave_way_s;
    const auto rate = result.seconds > 0 ? static_cast<double>(counts.read) / result.seconds : 0;
    said.data["records_per_second"] = rate;
    said.text = fmt::format("Job {}: {}\n{}", done.id, to_text(spec_of(done.spec)),
                            counts_text(counts, "written"));
    if (!result.dead.empty()) {
        said.text += "Dead, and not published again (ndctl dead shows what the writer did):\n" +
                     to_text(result.dead);
    }
    said.text += fmt::format("digest of the records  {:016x}\ndigest of the rows     {:016x}  {}\n",
                             counts.log_digest, counts.table_digest,
                             equal ? "equal: what was read has its row"
                                   : "DIFFERENT: records were read that have no row");
    if (counts.written == 0 && equal) said.text += "0 rows changed.\n";
    said.status = equal ? exit_status::fine : exit_status::finding;
    return said;
}

report tell_dry_run(const replay_spec& spec, const replay_result& result) {
    report said;
    text_table table(
        {"TENANT", "HOUR OF ARRIVAL", "READ", "THERE", "WOULD WRITE", "DEAD", "ERASED", "EXPIRED"});
    json::array rows;
    std::size_t shown = 0;
    for (const auto& [where, n] : result.hours) {
        const auto there = n.read - n.missing - n.dead - n.erased - n.expired;
        rows.push_back(json::object{
            {"tenant_id", where.first == "none" ? json::value(nullptr) : json::value(where.first)},
            {"hour", hour_text(where.second)},
            {"read", n.read},
            {"already_there", there},
            {"would_write", n.missing},
            {"dead", n.dead},
            {"erased", n.erased},
            {"expired", n.expired}});
        if (++shown > most_rows_shown) continue;
        table.add({where.first, hour_text(where.second), with_commas(n.read), with_commas(there),
                   with_commas(n.missing), with_commas(n.dead), with_commas(n.erased),
                   with_commas(n.expired)});
    }
    auto counts = to_json(result.counts);
    counts["would_write"] = result.counts.written;
    counts["written"] = 0;
    said.data = {{"dry_run", true},
                 {"spec", to_json(spec)},
                 {"counts", std::move(counts)},
                 {"by_tenant_and_hour", std::move(rows)},
                 {"dead_records", to_json(result.dead)}};
    said.text = fmt::format("Would replay {}\n", to_text(spec));
    if (!result.hours.empty()) said.text += table.text();
    if (shown > most_rows_shown)
        said.text += fmt::format("... and {} more rows: --json has all\n", shown - most_rows_shown);
    said.text += "\n" + counts_text(result.counts, "would write") + to_text(result.dead);
    return said;
}

report tell_jobs(const std::vector<job>& jobs) {
    report said;
    json::array list;
    text_table table({"JOB", "KIND", "STATE", "CREATED", "DONE", "READ", "WRITTEN", "WHAT"});
    for (const auto& one : jobs) {
        list.push_back(to_json(one));
        std::int64_t whole = 0;
        std::int64_t passed = 0;
        bool known = true;
        for (const auto& part : one.parts) {
            known = known && part.end;
            whole += part.end.value_or(part.next) - part.begin;
            passed += part.next - part.begin;
        }
        const auto counts = one.counts();
        table.add({std::to_string(one.id), one.kind, std::string(one.shown_state()), one.created_at,
                   !known       ? "-"
                   : whole == 0 ? "100 %"
                                : fmt::format("{} %", 100 * passed / whole),
                   with_commas(counts.read), with_commas(counts.written),
                   one.kind == "replay" ? to_text(spec_of(one.spec)) : files_text(one.spec)});
    }
    said.data = {{"jobs", std::move(list)}};
    said.text = jobs.empty() ? "There are no jobs yet: ndctl replay --help\n" : table.text();
    return said;
}

}  // namespace nd::ops
