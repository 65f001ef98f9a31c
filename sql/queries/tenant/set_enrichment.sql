-- What is null stays as it is; a budget below zero means none of its own.
insert into nd.enrich_settings as s (tenant_id, min_sessions, month_nano)
values ($1::uuid, coalesce($2::int, 2), nullif($3::bigint, -1))
on conflict (tenant_id) do update set min_sessions = coalesce($2::int, s.min_sessions),
    month_nano = case when $3::bigint is null then s.month_nano else nullif($3::bigint, -1) end
