delete from nd.tenant_limits where tenant_id = $1::uuid and limit_class = $2::text
