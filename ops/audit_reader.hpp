// Kafka's side of an audit: reads records of the range, by the rules that the writer reads them by,
// into a sorter of sightings. One thread. Errors: Kafka's and the spill file's.
#pragma once

#include "base/kafka_consumer.hpp"
#include "ops/audit_marks.hpp"
#include "ops/audit_scope.hpp"
#include "ops/external_sorter.hpp"
#include "ops/sighting.hpp"
#include "schema/event_scan.hpp"

#include <functional>
#include <optional>

namespace nd::ops {

// A record by its place alone: one that names no event.
struct log_place {
    std::uint32_t source = 0;
    std::int64_t offset = 0;
    friend auto operator<=>(const log_place&, const log_place&) = default;
};

using sighting_sorter = external_sorter<sighting, by_identity>;
using place_sorter = external_sorter<log_place, std::less<>>;

// The event that a record brings; nullopt when nobody can say which. Marks and place are not set.
[[nodiscard]] std::optional<sighting> sighting_of(const base::kafka_received& record,
                                                  schema::event_scanner& scanner,
                                                  audit_marks& marks);

class audit_reader {
  public:
    audit_reader(const settings& from, const audit_scope& scope,
                 const std::optional<schema::tenant_id>& only, audit_marks& marks)
        : from_(&from), scope_(&scope), only_(only), marks_(&marks) {}

    // The records of one source in the span that lie in the scope's times. `progress` is called now
    // and then with the number of records read so far, all sources together.
    [[nodiscard]] base::result<> read(std::uint32_t source, const partition_span& span,
                                      sighting_sorter& into,
                                      const std::function<void(std::uint64_t)>& progress);

    [[nodiscard]] std::uint64_t records() const { return records_; }
    // Due records that name no event: only a dead letter accounts for one.
    [[nodiscard]] place_sorter& unreadable() { return unreadable_; }
    // The earliest arrival of what was read; where the dead letters of it begin.
    [[nodiscard]] std::optional<std::int64_t> first_ms() const { return first_ms_; }

  private:
    [[nodiscard]] base::result<> take(std::uint32_t source, const base::kafka_received& record,
                                      sighting_sorter& into);
    [[nodiscard]] bool is_wanted(const base::kafka_received& record) const;

    const settings* from_;
    const audit_scope* scope_;
    std::optional<schema::tenant_id> only_;
    audit_marks* marks_;
    schema::event_scanner scanner_;
    place_sorter unreadable_{1u << 20};
    std::uint64_t records_ = 0;
    std::optional<std::int64_t> first_ms_;
};

}  // namespace nd::ops
