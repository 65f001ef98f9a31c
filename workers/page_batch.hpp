// Loads of pages that are stored together, grouped by tenant; the same structure in the same
// session counts once. Filled by page_taker, stored by page_store. Pure.
#pragma once

#include "schema/page_fingerprint.hpp"
#include "schema/page_record.hpp"
#include "workers/batch.hpp"

#include <map>
#include <set>
#include <tuple>

namespace nd::workers {

struct page_load {
    schema::safe_page page;
    schema::page_fingerprint fingerprint;
    dead_letter letter;  // should Postgres refuse it
};

class page_batch {
  public:
    void clear();
    // A load, a repetition, or a dead letter.
    void take(const raw_record& raw);

    [[nodiscard]] bool empty() const noexcept { return records_ == 0; }
    [[nodiscard]] std::size_t records() const noexcept { return records_; }
    [[nodiscard]] std::size_t repeated() const noexcept { return repeated_; }
    [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
    [[nodiscard]] const std::map<schema::tenant_id, std::vector<page_load>>& tenants()
        const noexcept {
        return tenants_;
    }
    [[nodiscard]] std::span<const dead_letter> unreadable() const noexcept { return unreadable_; }

  private:
    schema::page_record_reader reader_;
    std::map<schema::tenant_id, std::vector<page_load>> tenants_;
    std::set<std::tuple<schema::tenant_id, base::sha256_digest, std::string>> met_;
    std::vector<dead_letter> unreadable_;
    std::size_t records_ = 0;
    std::size_t repeated_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace nd::workers
