-- Never later than it would have expired anyway.
update nd.api_keys set expires_at = least(expires_at, now() + make_interval(secs => $3::double precision))
where tenant_id = $1::uuid and key_id = $2::bigint
returning to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at
