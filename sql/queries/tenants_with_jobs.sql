-- Those with a job that is due, of one way ($1): ids, nothing else.
select t::text as tenant_id from nd.tenants_with_jobs($1::text) t
