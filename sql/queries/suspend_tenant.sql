-- Suspending again keeps the first time. An unknown tenant answers no row.
update nd.tenants set suspended_at = coalesce(suspended_at, now()) where tenant_id = $1::uuid
returning name, to_char(suspended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as suspended_at
