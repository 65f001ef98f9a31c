// The tenants that a schema command is about, and the walk through them: each in a transaction with
// its own context, as nd_operator. Called by the schema_* commands.
#pragma once

#include "base/pg.hpp"
#include "ops/settings.hpp"
#include "ops/tenant_store.hpp"

#include <functional>
#include <string>
#include <vector>

namespace nd::ops {

class schema_store {
  public:
    // `tenant`: an id, or empty for all. Errors: those of open_operator and find_tenant.
    [[nodiscard]] static base::result<schema_store> open(const settings& from,
                                                         const std::string& tenant);

    using visit = std::function<base::result<>(base::pg::tenant_tx&, const known_tenant&)>;
    // Stops at the first error; each visit is committed by itself.
    [[nodiscard]] base::result<> each(const visit& what);
    [[nodiscard]] base::pg::connection& on() { return on_; }

  private:
    schema_store(base::pg::connection on, std::vector<known_tenant> tenants)
        : on_(std::move(on)), tenants_(std::move(tenants)) {}

    base::pg::connection on_;
    std::vector<known_tenant> tenants_;
};

}  // namespace nd::ops
