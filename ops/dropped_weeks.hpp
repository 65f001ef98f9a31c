// The weeks of nd.events whose partition was dropped: what had arrived by then is gone on purpose.
// Called by replay, which leaves it gone, and by the audit, which does not miss it.
#pragma once

#include "base/pg.hpp"
#include "schema/read_record.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace nd::ops {

class dropped_weeks {
  public:
    struct week {
        std::int64_t from_us = 0;
        std::int64_t to_us = 0;
        std::int64_t dropped_us = 0;
        [[nodiscard]] std::string monday() const;  // 2026-11-23
    };

    // What Postgres knows now, whoever asks. Errors: the connection's.
    [[nodiscard]] static base::result<dropped_weeks> load(base::pg::connection& on);

    void add(std::int64_t monday_us, std::int64_t dropped_us) { at_[monday_us] = dropped_us; }

    // A late event of a dropped week has a row again.
    [[nodiscard]] bool hold(const schema::record_view& record) const;
    // The first of them that the range from..to reaches into.
    [[nodiscard]] std::optional<week> first_within(std::int64_t from_us, std::int64_t to_us) const;

    [[nodiscard]] bool empty() const noexcept { return at_.empty(); }
    bool operator==(const dropped_weeks&) const = default;

  private:
    std::map<std::int64_t, std::int64_t> at_;  // a week's begin, and when it was dropped
};

}  // namespace nd::ops
