// A long work of ndctl as Postgres remembers it: what was asked for, how far it is, what it did.
// Made by ops/job_store, shown by `replay list`. Pure.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nd::ops {

struct job_counts {
    std::int64_t read = 0;  // that were asked for
    std::int64_t written = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    std::int64_t expired = 0;  // their week was dropped
    std::uint64_t log_digest = 0;
    std::uint64_t table_digest = 0;

    // The rest of what was read. Not counted by itself: after a crash a row that this job wrote is
    // there when its record is read again, and was written all the same.
    [[nodiscard]] std::int64_t there() const { return read - written - dead - erased - expired; }
    job_counts& operator+=(const job_counts& more);
    bool operator==(const job_counts&) const = default;
};

struct job_part {
    std::int32_t part = 0;  // a partition, or the place of a file
    std::int64_t begin = 0;
    std::optional<std::int64_t> end;
    std::int64_t next = 0;
    job_counts counts;
};

struct job {
    std::int64_t id = 0;
    std::string kind;
    boost::json::object spec;
    std::string state;   // running, done, cancelled
    std::string runner;  // empty: nobody
    std::int64_t silent_s = 0;
    std::string created_at;
    std::optional<std::string> ended_at;
    std::vector<job_part> parts;

    [[nodiscard]] job_counts counts() const;
    // For people: a running job without a process is stopped.
    [[nodiscard]] std::string_view shown_state() const;
};

// A runner beats every second; one that is silent for longer has no process any more.
inline constexpr std::int64_t job_lease_s = 5;

[[nodiscard]] boost::json::object to_json(const job_counts& counts);
[[nodiscard]] boost::json::object to_json(const job& one);

}  // namespace nd::ops
