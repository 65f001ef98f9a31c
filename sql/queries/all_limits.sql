-- Every limit that differs from its default.
select tenant_id, limit_class, per_minute from nd.tenant_limits
