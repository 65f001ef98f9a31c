// ndctl import: events out of files, for what is older than Kafka's copy. They go through a topic
// of their own, so that live events never queue behind them.
#include "ops/command_line.hpp"
#include "ops/import_run.hpp"
#include "ops/printable.hpp"
#include "ops/progress_line.hpp"
#include "ops/tenant_store.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <map>
#include <memory>
#include <optional>

namespace nd::ops {
namespace {

namespace json = boost::json;

constexpr std::size_t most_lines_shown = 20;

struct import_words {
    std::vector<std::string> files;
    std::string tenant;
    std::string environment = "live";
    std::string refused;
    std::int64_t rate = 0;
    std::int64_t resume = 0;
    bool dry_run = false;
};

base::error wrong(std::string detail) {
    return base::failure(base::errc::invalid, std::move(detail));
}

report tell(const import_spec& spec, const import_result& result, std::int64_t id, bool dry_run) {
    report said;
    json::array refused;
    std::string lines;
    for (const auto& one : result.first_refused) {
        refused.push_back(
            json::object{{"file", one.file}, {"line", one.line}, {"reason", one.reason}});
        if (refused.size() <= most_lines_shown)
            lines += fmt::format("  {} line {}: {}\n", one.file, one.line, printable(one.reason));
    }
    const auto accepted = result.lines - result.refused;
    said.data = to_json(spec);
    said.data["job"] = id;
    said.data["dry_run"] = dry_run;
    said.data["read"] = result.lines;
    said.data["published"] = dry_run ? 0 : accepted;
    said.data["accepted"] = accepted;
    said.data["refused_lines"] = result.refused;
    said.data["refused_first"] = std::move(refused);
    said.data["seconds"] = result.seconds;
    said.text = fmt::format(
        "{} {} of {} events for tenant {}{}\n", dry_run ? "Would import" : "Published",
        with_commas(accepted), with_commas(result.lines), schema::to_string(spec.tenant),
        dry_run ? "" : fmt::format(" (job {}); nd-writer.import stores them", id));
    if (result.refused > 0) {
        said.status = exit_status::finding;
        said.text += fmt::format("{} refused:\n{}", with_commas(result.refused), lines);
        if (result.refused > static_cast<std::int64_t>(most_lines_shown)) {
            said.text += spec.refused.empty()
                             ? "  ... (--refused FILE keeps them all)\n"
                             : fmt::format("  ... all of them in {}\n", spec.refused);
        }
    }
    return said;
}

base::result<report> work(const settings& from, job_store& jobs, const import_spec& spec,
                          const import_job& job, refusal_file* refused) {
    const auto result = run_import(from, spec, &job, refused);
    if (!result) {
        static_cast<void>(jobs.leave(job.id, job.runner));
        auto problem = result.error();
        problem.detail +=
            fmt::format("\n       what was published is kept: ndctl import --resume {}", job.id);
        return problem;
    }
    if (auto done = jobs.finish(job.id, job.runner); !done) return done.error();
    return tell(spec, *result, job.id, false);
}

// A job is gone on with from wherever somebody stands then.
std::string absolute(const std::string& name) {
    std::error_code none;
    const auto path = std::filesystem::absolute(name, none);
    return none ? name : path.lexically_normal().string();
}

base::result<import_spec> spec_from(const settings& from, const import_words& words) {
    if (words.files.empty()) return wrong("name a file to import (or --resume JOB)");
    if (words.tenant.empty()) return wrong("--tenant says whose events these are");
    const auto environment = schema::parse_environment(words.environment);
    if (!environment)
        return wrong(fmt::format("--environment {}: write live or test", words.environment));
    auto on = open_operator(from);
    if (!on) return on.error();
    const auto tenant = find_tenant(*on, words.tenant);
    if (!tenant) return tenant.error();
    import_spec spec{{},
                     schema::parse_tenant_id(tenant->id).value(),
                     *environment,
                     words.refused.empty() ? std::string() : absolute(words.refused),
                     words.rate};
    for (const auto& name : words.files) {
        auto file = look_at_file(absolute(name));
        if (!file) return file.error();
        // What was refused of it, and how far it is, is kept by its name.
        if (std::ranges::find(spec.files, file->path, &import_file::path) != spec.files.end())
            return wrong(fmt::format("{} is named twice", file->path));
        spec.files.push_back(std::move(*file));
    }
    return spec;
}

base::result<report> start(const settings& from, const import_words& words) {
    const auto spec = spec_from(from, words);
    if (!spec) return spec.error();
    std::optional<refusal_file> refused;
    if (!spec->refused.empty()) {
        auto made = refusal_file::make(spec->refused);
        if (!made) return made.error();
        refused.emplace(std::move(*made));
    }
    auto* into = refused ? &*refused : nullptr;
    if (words.dry_run) {
        const auto result = run_import(from, *spec, nullptr, into);
        if (!result) return result.error();
        return tell(*spec, *result, 0, true);
    }
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    import_job job{&*jobs, 0, make_runner(), {}};
    for (const auto& file : spec->files) {
        job.parts.push_back({static_cast<std::int32_t>(job.parts.size()), 0, file.lines, 0, {}});
    }
    const auto id = jobs->create("import", to_json(*spec), job.runner, job.parts);
    if (!id) return id.error();
    job.id = *id;
    return work(from, *jobs, *spec, job, into);
}

base::result<report> resume(const settings& from, std::int64_t id) {
    auto jobs = job_store::open(from);
    if (!jobs) return jobs.error();
    import_job job{&*jobs, id, make_runner(), {}};
    auto one = jobs->take(id, "import", job.runner);
    if (!one) return one.error();
    const auto spec = import_spec_of(one->spec);
    job.parts = one->parts;
    std::map<std::string, std::int64_t> done;
    for (std::size_t i = 0; i < spec.files.size(); ++i) {
        const auto file = look_at_file(spec.files[i].path);
        done[spec.files[i].path] = job.parts.at(i).next;
        if (file && *file == spec.files[i]) continue;
        static_cast<void>(jobs->leave(id, job.runner));
        if (!file) return file.error();
        return base::failure(base::errc::refused,
                             fmt::format("{} is no longer the file that job {} began with: cancel "
                                         "the job and import it anew",
                                         file->path, id));
    }
    std::optional<refusal_file> refused;
    if (!spec.refused.empty()) {
        auto opened = refusal_file::go_on(spec.refused, done);
        if (!opened) return opened.error();
        refused.emplace(std::move(*opened));
    }
    return work(from, *jobs, spec, job, refused ? &*refused : nullptr);
}

base::result<report> run_import_command(const settings& from, const import_words& words) {
    if (words.resume == 0) return start(from, words);
    if (!words.files.empty() || words.dry_run || !words.tenant.empty() || !words.refused.empty())
        return wrong("--resume JOB stands alone: the job knows its files");
    return resume(from, words.resume);
}

}  // namespace

void add_import(command_line& line) {
    const auto words = std::make_shared<import_words>();
    auto import =
        line.add("import", "publish events out of files (NDJSON, plain, gzip or zstd)",
                 [words](const settings& from) { return run_import_command(from, *words); });
    import.texts(words->files, "FILE", "one event per line, as in the array of POST /v1/events");
    import.text(words->tenant, "--tenant", "whose events they are");
    import.text(words->environment, "--environment", "live or test [live]");
    import.text(words->refused, "--refused", "write every refused line and why to this new file");
    import.number(words->rate, 1, 10'000'000, "--rate", "lines a second at most");
    import.number(words->resume, 1, std::numeric_limits<std::int64_t>::max(), "--resume",
                  "go on with a job that was stopped or killed (ndctl replay list)");
    import.flag(words->dry_run, "--dry-run", "only judge every line; publish nothing");
}

}  // namespace nd::ops
