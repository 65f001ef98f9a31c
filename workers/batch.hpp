// The records that are stored together: rows, records that cannot be read, and what they cover of
// the log. One is filled by poll while the one before it is being stored; both are used again and
// again. It owns every byte that it shows.
#pragma once

#include "schema/read_record.hpp"
#include "workers/dead.hpp"
#include "workers/progress.hpp"
#include "workers/text_arena.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace nd::workers {

using schema::raw_record;
using schema::read_record;
using schema::receipt_place;
using schema::receipt_place_of;
using schema::record_view;

struct batch_row {
    schema::tenant_id tenant;  // from this row's own record
    schema::event_id id;
    schema::instant occurred_at;
    schema::instant received_at;
    schema::environment environment = schema::environment::live;
    std::string_view name;
    std::optional<std::string_view> session_id;
    std::optional<std::string_view> user_id;
    std::optional<std::string_view> page;
    std::string_view properties;
    // Only for a dead letter:
    std::string_view raw;
    std::optional<std::string_view> request;
    std::optional<std::string_view> attempt;  // set: it was published again, after that many deaths
    std::optional<std::string_view> history;
    std::int32_t partition = 0;
    std::int64_t offset = 0;
    std::optional<receipt_place> receipt;
};

class batch {
  public:
    void clear();

    // Takes one record that `at` wants: a row, or a dead letter when it cannot be read. False: it
    // was not wanted.
    bool take(const raw_record& raw, positions& at, schema::event_scanner& scanner);

    [[nodiscard]] std::size_t records() const { return rows_.size() + unreadable_.size(); }
    [[nodiscard]] bool empty() const { return records() == 0; }
    [[nodiscard]] std::size_t bytes() const { return bytes_; }  // of the records' keys and values
    // The earliest received_at of the rows.
    [[nodiscard]] schema::instant oldest() const { return oldest_; }
    [[nodiscard]] bool has_receipts() const { return has_receipts_; }  // any row
    [[nodiscard]] std::span<const batch_row> rows() const { return rows_; }
    [[nodiscard]] std::span<const dead_letter> unreadable() const { return unreadable_; }
    [[nodiscard]] std::span<const covered> covers() const { return covers_; }

  private:
    void add_row(const raw_record& raw, const record_view& read);

    std::vector<batch_row> rows_;
    std::vector<dead_letter> unreadable_;
    std::vector<covered> covers_;
    text_arena texts_;
    std::size_t bytes_ = 0;
    schema::instant oldest_;
    bool has_receipts_ = false;
};

// The letter of a record as it came.
[[nodiscard]] dead_letter letter_of(const raw_record& raw, std::string reason);
// The letter of a row that Postgres refused.
[[nodiscard]] dead_letter letter_of(const batch_row& row, std::string sqlstate, std::string reason);

// How much a batch may hold. In a backlog it grows up to four times: with many tenants the cost of
// a batch is its transactions, one per tenant, and nobody waits for a record that is late anyway.
struct batch_limits {
    std::size_t records = 5000;
    std::size_t bytes = std::size_t{16} << 20;
};
[[nodiscard]] batch_limits limits_for(const batch_limits& calm, std::int64_t backlog);
[[nodiscard]] bool is_full(const batch& b, const batch_limits& limits);

}  // namespace nd::workers
