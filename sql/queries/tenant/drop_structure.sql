-- No version of a page looks like this to the model any more.
delete from nd.page_structures where tenant_id = $1::uuid and model_fingerprint = $2::bytea and notes is null
