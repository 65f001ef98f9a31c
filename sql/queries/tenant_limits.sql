-- The limits of one tenant ($1 uuid) that differ from their defaults.
select tenant_id, limit_class, per_minute from nd.tenant_limits where tenant_id = $1::uuid
