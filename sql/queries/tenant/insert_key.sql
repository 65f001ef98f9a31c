-- The expiry is a time ($9), or seconds from now by the database's clock ($10), or never.
insert into nd.api_keys (tenant_id, key_hash, environment, scopes, origins, browser_only, prefix, last4, expires_at, rotated_from)
values ($1::uuid, $2::bytea, $3::text, $4::text[], $5::text[], $6::boolean, $7::text, $8::text,
        coalesce($9::timestamptz, now() + make_interval(secs => $10::double precision)), $11::bigint)
returning key_id, to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at
