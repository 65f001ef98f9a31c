// Compares what the tenants see in the database with the ledger. Pure.
#pragma once

#include "tests/faults/ledger.hpp"

#include <optional>
#include <unordered_map>

namespace nd::tests {

struct verdict {
    std::size_t rows = 0;
    std::size_t missing = 0;           // got a 202 and has no row
    std::size_t duplicate = 0;         // more than one row
    std::size_t spurious = 0;          // a row that nobody sent, or that was refused
    std::size_t cross_tenant = 0;      // a row of another tenant's event
    std::size_t different = 0;         // a row that is not what was sent
    std::vector<std::string> details;  // of the first ones, a line each

    [[nodiscard]] bool good() const noexcept {
        return missing + duplicate + spurious + cross_tenant + different == 0;
    }
};

// A row as its tenant sees it.
struct seen_row {
    std::string event_id;
    std::string occurred_at;  // as the event says it
    std::string environment;
    std::string name;
    std::optional<std::string> session_id;
    std::optional<std::string> user_id;
    std::string page;
    std::string properties;
    bool received_in_time = true;  // not before it happened, not in the future
};

// All that one tenant sees: see() each row, then finish().
class tenant_judge {
  public:
    tenant_judge(const ledger& owed, std::string tenant, verdict& into);
    void see(const seen_row& row);
    void finish();

  private:
    void count(std::size_t& which, const std::string& what, const std::string& id);
    [[nodiscard]] bool somebody_elses(const std::string& id) const;
    const ledger& owed_;
    const std::string tenant_;
    verdict& into_;
    const std::vector<fate> fates_;
    std::unordered_map<std::string, std::size_t> numbers_;
    std::vector<unsigned> seen_;
};

}  // namespace nd::tests
