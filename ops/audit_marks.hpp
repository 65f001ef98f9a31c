// Why a record that is due may rightly have no row: its person or tenant was erased after it
// arrived (nd.erasures), or its week's partition was dropped (nd.dropped_weeks). Called for each
// record that the audit reads; one thread.
#pragma once

#include "base/pg.hpp"
#include "ops/dropped_weeks.hpp"
#include "schema/read_record.hpp"
#include "schema/user_hash.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

namespace nd::ops {

class audit_marks {
  public:
    // What Postgres knows now. The pepper's file is read only when a person was erased. Errors: the
    // connection's, invalid for the file, refused when persons were erased with another pepper.
    [[nodiscard]] static base::result<audit_marks> load(base::pg::connection& on,
                                                        const std::string& pepper_file);

    void week_dropped(std::int64_t monday_us, std::int64_t dropped_us) {
        dropped_.add(monday_us, dropped_us);
    }
    void tenant_erased(const schema::tenant_id& tenant, std::int64_t erased_us);
    // Only after use_hasher().
    void person_erased(const schema::tenant_id& tenant, std::string hash, std::int64_t erased_us);
    void use_hasher(schema::user_hasher hasher) { hasher_.emplace(std::move(hasher)); }

    // Of sighting::mark: erased, expired, both or nothing.
    [[nodiscard]] std::uint32_t of(const schema::record_view& record);
    // Whether nothing was erased or dropped between the two.
    [[nodiscard]] bool same_as(const audit_marks& other) const {
        return dropped_ == other.dropped_ && erased_ == other.erased_;
    }

  private:
    struct tombstones {
        std::int64_t whole_us = INT64_MIN;  // when the tenant itself was erased
        std::unordered_map<std::string, std::int64_t> persons;
        bool operator==(const tombstones&) const = default;
    };
    [[nodiscard]] bool is_erased(const schema::record_view& record);

    dropped_weeks dropped_;
    std::unordered_map<schema::tenant_id, tombstones> erased_;
    std::optional<schema::user_hasher> hasher_;
};

}  // namespace nd::ops
