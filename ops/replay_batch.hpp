// Records of one partition on their way into a replay: judged, sorted, asked about by their keys
// alone, and turned into rows only when Postgres does not have them. Called by a replay's lane, one
// batch per thread, used again and again; it owns every byte it shows. Pure.
#pragma once

#include "base/pg_array.hpp"
#include "ops/dropped_weeks.hpp"
#include "ops/job.hpp"
#include "schema/read_record.hpp"
#include "schema/user_hash.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nd::ops {

// Which records of the range are asked for.
struct replay_filter {
    std::optional<schema::tenant_id> tenant;
    std::string name;  // empty: every event
    dropped_weeks dropped;
    bool force = false;  // bring back what was in dropped weeks, too
};

// What a CALL takes to know the rows: groups of one tenant each, keys in primary key order.
struct key_columns {
    base::pg::uuid_array tenants;
    base::pg::int4_array lo;
    base::pg::int4_array hi;
    base::pg::uuid_array row_tenants;  // each from its own record
    base::pg::uuid_array event_ids;
    base::pg::timestamptz_array occurred;
    base::pg::timestamptz_array received;
};
// And what it takes to store them.
struct value_columns {
    base::pg::text_array environments;
    base::pg::text_array names;
    base::pg::text_array sessions;
    base::pg::text_array users;
    base::pg::text_array pages;
    base::pg::text_array properties;
};

struct dead_record {
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::string reason;  // "code: sentence"
};

// Of one tenant and one hour of arrival, for --dry-run.
struct hour_counts {
    std::int64_t read = 0;
    std::int64_t missing = 0;
    std::int64_t dead = 0;
    std::int64_t erased = 0;
    std::int64_t expired = 0;
};
// "none" for records whose key names no tenant; the hour: seconds since 1970.
using tenant_hour = std::pair<std::string, std::int64_t>;
using hour_table = std::map<tenant_hour, hour_counts>;

class replay_batch {
  public:
    void clear();
    void take(const schema::raw_record& raw, const replay_filter& filter,
              schema::event_scanner& scanner);
    // Sorts what was taken; an identity that is there twice counts as there from now on.
    void seal();

    [[nodiscard]] bool full() const;
    [[nodiscard]] bool empty() const { return counts_.read == 0; }
    [[nodiscard]] std::size_t keys() const { return order_.size(); }
    // read, dead and expired of what was taken. The digests are the caller's.
    [[nodiscard]] const job_counts& counts() const { return counts_; }
    [[nodiscard]] std::span<const dead_record> dead() const { return dead_; }

    // Places are those of the procedures: from 1, in the order of the keys.
    [[nodiscard]] const key_columns& all_keys() const { return keys_; }
    [[nodiscard]] std::int64_t oldest_us() const { return oldest_us_; }
    [[nodiscard]] std::uint64_t digest() const { return digest_; }  // of all keys
    [[nodiscard]] std::uint64_t digest_of(std::span<const std::int64_t> places) const;
    // How many of the records that were taken these places, ascending, stand for.
    [[nodiscard]] std::int64_t records_at(std::span<const std::int64_t> places) const;
    // The columns of these places, ascending, as groups of their own.
    void fill(std::span<const std::int64_t> places, schema::event_scanner& scanner,
              key_columns& keys, value_columns& values) const;
    // Who it was, for each place; NULL where nobody is named.
    void fill_users(std::span<const std::int64_t> places, schema::event_scanner& scanner,
                    schema::user_hasher& hasher, base::pg::bytea_array& users) const;
    [[nodiscard]] dead_record dead_at(std::int64_t place, std::string reason) const;

    // Adds what was taken to the table; `missing` and `erased` are places, ascending.
    void count_hours(std::span<const std::int64_t> missing, std::span<const std::int64_t> erased,
                     hour_table& into) const;

  private:
    struct taken {
        schema::tenant_id tenant;
        schema::event_id id;
        schema::instant occurred_at;
        schema::instant received_at;
        schema::environment environment = schema::environment::live;
        std::size_t at = 0;  // in bytes_
        std::size_t size = 0;
        std::int32_t partition = 0;
        std::int64_t offset = 0;
    };
    [[nodiscard]] const taken& at(std::int64_t place) const;
    [[nodiscard]] std::string_view raw_of(const taken& one) const;
    void bury(const schema::raw_record& raw, const std::string& reason);

    std::string bytes_;
    std::vector<taken> rows_;
    std::vector<std::uint32_t> order_;    // of rows_, each identity once
    std::vector<std::int64_t> place_of_;  // of each of rows_
    std::vector<dead_record> dead_;
    std::vector<std::pair<tenant_hour, char>> others_;  // 'd'ead and e'x'pired, for the hours
    job_counts counts_;
    key_columns keys_;
    std::int64_t oldest_us_ = 0;
    std::uint64_t digest_ = 0;
};

}  // namespace nd::ops
