select name, suspended_at is not null as suspended from nd.tenants where tenant_id = $1::uuid
