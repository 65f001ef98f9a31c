select t::text as tenant_id from nd.tenants_with_batches() t
