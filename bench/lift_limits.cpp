#include "bench/lift_limits.hpp"

#include "bench/admin_database.hpp"

namespace nd::bench {

void lift_limits(bed& on, std::span<const std::string> tenants, schema::limit_class of) {
    auto admin = open_admin(on.with.admin_url);
    static constexpr base::pg::statement lift(
        "insert into nd.tenant_limits (tenant_id, limit_class, per_minute) "
        "values ($1::uuid, $2::text, 6000) "
        "on conflict (tenant_id, limit_class) do update set per_minute = 6000");
    for (const auto& tenant : tenants)
        must(admin.exec(lift, tenant, to_string(of)));
}

}  // namespace nd::bench
