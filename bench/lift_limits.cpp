#include "bench/lift_limits.hpp"

#include "base/pg.hpp"

namespace nd::bench {

void lift_limits(bed& on, std::span<const std::string> tenants, schema::limit_class of) {
    auto admin = base::pg::connection::open(on.with.admin_url);
    if (!admin) throw bench_error(exit_unreachable, "Postgres: " + admin.error().detail);
    static constexpr base::pg::statement lift(
        "insert into nd.tenant_limits (tenant_id, limit_class, per_minute) "
        "values ($1::uuid, $2::text, 6000) "
        "on conflict (tenant_id, limit_class) do update set per_minute = 6000");
    for (const auto& tenant : tenants)
        if (const auto done = admin->exec(lift, tenant, to_string(of)); !done)
            throw bench_error(exit_unreachable, "Postgres: " + done.error().detail);
}

}  // namespace nd::bench
