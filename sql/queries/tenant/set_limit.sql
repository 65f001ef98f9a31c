insert into nd.tenant_limits (tenant_id, limit_class, per_minute) values ($1::uuid, $2::text, $3::integer)
on conflict (tenant_id, limit_class) do update set per_minute = excluded.per_minute
