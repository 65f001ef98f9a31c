#include "ops/import_run.hpp"

#include "base/kafka_sync_producer.hpp"
#include "ops/audit_marks.hpp"
#include "ops/line_reader.hpp"
#include "ops/pace.hpp"
#include "ops/progress_line.hpp"
#include "ops/sighting.hpp"
#include "ops/tenant_store.hpp"
#include "ops/wall_clock.hpp"
#include "schema/event_scan.hpp"
#include "schema/limits.hpp"
#include "schema/record.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <thread>

namespace nd::ops {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::int64_t lines_per_batch = 5000;
constexpr std::size_t bytes_per_batch = std::size_t{8} << 20;
constexpr std::size_t most_shown = 1000;
constexpr auto beat_every = std::chrono::seconds(1);
constexpr auto look_every = std::chrono::seconds(1);

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

class import_run {
  public:
    import_run(const settings& from, const import_spec& spec, const import_job* job,
               refusal_file* refused)
        : from_(from),
          spec_(spec),
          job_(job),
          refused_(refused),
          speed_(spec.rate),
          key_(schema::to_string(spec.tenant)),
          line_("lines") {
        for (const auto& file : spec.files)
            whole_ += file.lines;
    }

    base::result<import_result> run() {
        auto on = open_operator(from_);
        if (!on) return on.error();
        operator_.emplace(std::move(*on));
        if (auto looked = look_for_tombstones(); !looked) return looked.error();
        if (job_ != nullptr) {
            auto opened = base::kafka_sync_producer::open(
                {from_.kafka, from_.kafka_config, from_.single_broker}, "ndctl-import");
            if (!opened) return opened.error();
            producer_.emplace(std::move(*opened));
        }
        const auto started = clock::now();
        for (std::size_t i = 0; i < spec_.files.size(); ++i) {
            const auto done = job_ == nullptr ? 0 : job_->parts.at(i).next;
            if (auto taken = take_file(static_cast<std::int32_t>(i), done); !taken)
                return taken.error();
        }
        result_.seconds = std::chrono::duration<double>(clock::now() - started).count();
        return std::move(result_);
    }

  private:
    base::result<> take_file(std::int32_t part, std::int64_t done) {
        const auto& path = spec_.files[static_cast<std::size_t>(part)].path;
        auto lines = line_reader::open(path);
        if (!lines) return lines.error();
        auto expected = done;
        auto reached = done;
        while (true) {
            const auto line = lines->next();
            if (!line) return line.error();
            if (*line && (*line)->number <= done) {
                // Skipping may take long, and a silent job is taken over.
                if (auto alive = stay_alive(); !alive) return alive;
                continue;
            }
            if (*line) {
                reached = (*line)->number;
                if (auto judged = judge(path, **line); !judged) return judged;
            }
            const bool full = reached - expected >= lines_per_batch || bytes_ >= bytes_per_batch;
            if (!full && *line) continue;
            if (auto sent = send(part, expected, reached); !sent) return sent;
            if (auto looked = look_for_tombstones(); !looked) return looked;
            expected = reached;
            if (!*line) return {};
        }
    }

    base::result<> judge(const std::string& path, const text_line& line) {
        if (line.size == line.text.size() && is_blank(line.text)) return {};
        ++counts_.read;
        auto problem = take(line);
        if (problem.empty()) return {};
        ++counts_.dead;
        refused_line one{path, line.number, std::move(problem)};
        if (refused_ != nullptr) {
            if (auto added = refused_->add(one); !added) return added;
        }
        if (result_.first_refused.size() < most_shown)
            result_.first_refused.push_back(std::move(one));
        return {};
    }

    // Its event is one of the batch; or why not, "code: sentence".
    std::string take(const text_line& line) {
        if (line.size > line.text.size()) {
            return fmt::format("event_too_large: {} bytes, and an event may have {}", line.size,
                               schema::max_event_bytes);
        }
        const auto event = scanner_.scan(line.text);
        if (!event) return event.error().detail;
        if (event->occurred_at.us > wall_clock().us + schema::max_future_us) {
            return "time_in_future: \"occurred_at\" is more than 24 hours ahead of this machine's "
                   "clock";
        }
        if (is_erased(*event)) {
            return "erased: the person, or the tenant as a whole, was erased after this happened";
        }
        if (job_ == nullptr) return {};
        // The event's bytes alone, as the edge publishes them: no carriage return, no spaces.
        records_.push_back(
            {schema::import_topic,
             key_,
             std::string(event->raw),
             {{schema::environment_header, std::string(schema::to_string(spec_.environment))},
              {schema::request_header, fmt::format("import-{}", job_->id)}}});
        bytes_ += event->raw.size();
        return {};
    }

    // A file does not say when its events first arrived, and now is always after a tombstone: they
    // are judged by when they happened, or an old file would bring the erased back.
    bool is_erased(const schema::event_view& event) {
        return (tombstones_.of({spec_.tenant, spec_.environment, event.occurred_at, event}) &
                sighting::erased) != 0;
    }

    base::result<> look_for_tombstones() {
        if (clock::now() - looked_at_ < look_every) return {};
        looked_at_ = clock::now();
        auto marks = audit_marks::load(*operator_, from_.pepper_file);
        if (!marks) return marks.error();
        tombstones_ = std::move(*marks);
        return {};
    }

    // In this order: a refusal or an event that is not safe yet is never behind the job.
    base::result<> send(std::int32_t part, std::int64_t expected, std::int64_t reached) {
        result_.lines += counts_.read;
        result_.refused += counts_.dead;
        lines_done_ += reached - expected;
        line_.show(
            whole_ == 0 ? 1.0 : static_cast<double>(lines_done_) / static_cast<double>(whole_),
            result_.lines, result_.refused == 0 ? "" : with_commas(result_.refused) + " refused");
        if (refused_ != nullptr) {
            if (auto flushed = refused_->flush(); !flushed) return flushed;
        }
        if (job_ != nullptr && reached > expected) {
            if (auto beaten = wait_for_turn(reached - expected); !beaten) return beaten;
            if (!records_.empty()) {
                if (auto published = producer_->publish(records_); !published) return published;
            }
            auto moved = advance(job_->store->connection(), job_->id, job_->runner, part, expected,
                                 reached, counts_);
            if (!moved) return moved;
        }
        counts_ = {};
        records_.clear();
        bytes_ = 0;
        return {};
    }

    base::result<> wait_for_turn(std::int64_t lines) {
        const auto now = clock::now();
        const auto until = now + speed_.take(lines, now);
        while (true) {
            if (auto alive = stay_alive(); !alive) return alive;
            if (clock::now() >= until) return {};
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
    }

    base::result<> stay_alive() {
        if (clock::now() - beaten_at_ < beat_every) return {};
        beaten_at_ = clock::now();
        return job_->store->beat(job_->id, job_->runner);
    }

    const settings& from_;
    const import_spec& spec_;
    const import_job* job_;
    refusal_file* refused_;
    pace speed_;
    std::string key_;
    progress_line line_;
    std::int64_t whole_ = 0;
    std::int64_t lines_done_ = 0;
    schema::event_scanner scanner_;
    std::optional<base::kafka_sync_producer> producer_;
    std::vector<base::outgoing_record> records_;
    std::size_t bytes_ = 0;
    job_counts counts_;  // of the batch in hand
    import_result result_;
    clock::time_point beaten_at_;
    std::optional<base::pg::connection> operator_;  // sees the tombstones
    audit_marks tombstones_;
    clock::time_point looked_at_;
};

}  // namespace

base::result<import_file> look_at_file(const std::string& path) {
    struct ::stat seen {};
    if (::stat(path.c_str(), &seen) != 0) {
        return base::failure(base::errc::invalid,
                             fmt::format("{}: {}", path, std::strerror(errno)));
    }
    if (!S_ISREG(seen.st_mode)) {
        return base::failure(base::errc::invalid, fmt::format("{} is no regular file", path));
    }
    import_file file{path, seen.st_size, seen.st_mtim.tv_sec * 1'000'000'000 + seen.st_mtim.tv_nsec,
                     0};
    auto lines = line_reader::open(path);
    if (!lines) return lines.error();
    while (true) {
        const auto line = lines->next();
        if (!line) {
            auto problem = line.error();
            problem.detail += fmt::format(" (after line {}). Nothing was imported", file.lines);
            return problem;
        }
        if (!*line) return file;
        file.lines = (*line)->number;
    }
}

base::result<import_result> run_import(const settings& from, const import_spec& spec,
                                       const import_job* job, refusal_file* refused) {
    return import_run(from, spec, job, refused).run();
}

}  // namespace nd::ops
