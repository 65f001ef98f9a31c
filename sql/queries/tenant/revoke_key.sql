-- Revoking again keeps the first time.
update nd.api_keys set revoked_at = coalesce(revoked_at, now())
where tenant_id = $1::uuid and key_id = $2::bigint
returning prefix, last4, to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as revoked_at
