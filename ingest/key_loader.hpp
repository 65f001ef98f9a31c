// Brings what Postgres says into key_table, over one connection. Called by the keeper's thread
// only; each function is one duty. Every answer also confirms or renews the table. Errors: those of
// base/pg.hpp; the keeper then drops this loader and its connection and makes new ones.
#pragma once

#include "base/pg.hpp"
#include "ingest/key_inbox.hpp"
#include "ingest/key_table.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_set>
#include <vector>

namespace nd::ingest {

// Keys whose last use is not written yet: outlives a connection.
using unwritten_use = std::unordered_set<std::int64_t>;

class key_loader {
  public:
    key_loader(base::pg::connection on, key_table& table, key_inbox& inbox, unwritten_use& used);

    [[nodiscard]] base::result<> load_all();
    // Many at once are cheaper as everything.
    [[nodiscard]] base::result<> load_tenants(std::span<const schema::tenant_id> changed);
    // Answers who waits for this key.
    [[nodiscard]] base::result<> look_up(const key_hash& hash);
    // Confirms the table, or loads everything when something changed since the last load_all.
    [[nodiscard]] base::result<> poll();
    [[nodiscard]] base::result<> write_last_use();

  private:
    void collect_use();

    base::pg::connection on_;
    key_table& table_;
    key_inbox& inbox_;
    unwritten_use& used_;
    std::optional<std::int64_t>
        version_;  // of nd.control_version: the table holds at least what it stood for
};

}  // namespace nd::ingest
