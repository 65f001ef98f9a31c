#include "ops/schema_store.hpp"

#include "sql/queries/list_tenants.hpp"

namespace nd::ops {

base::result<schema_store> schema_store::open(const settings& from, const std::string& tenant) {
    auto on = open_operator(from);
    if (!on) return on.error();
    std::vector<known_tenant> tenants;
    if (!tenant.empty()) {
        auto one = find_tenant(*on, tenant);
        if (!one) return one.error();
        tenants.push_back(std::move(*one));
    } else {
        const auto rows = on->exec(sql::list_tenants);
        if (!rows) return rows.error();
        for (const auto row : *rows)
            tenants.push_back(
                {std::string(row.text("tenant_id")), std::string(row.text("name")), false});
    }
    return schema_store(std::move(*on), std::move(tenants));
}

base::result<> schema_store::each(const visit& what) {
    for (const auto& tenant : tenants_) {
        auto inside = base::pg::tenant_tx::begin(on_, tenant.id);
        if (!inside) return inside.error();
        if (auto done = what(*inside, tenant); !done) return done;
        if (auto done = inside->commit(); !done) return done;
    }
    return {};
}

}  // namespace nd::ops
