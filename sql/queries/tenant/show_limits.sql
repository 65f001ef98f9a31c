select limit_class, per_minute from nd.tenant_limits where tenant_id = $1::uuid order by limit_class
