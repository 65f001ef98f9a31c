select call_id::text as call_id, asked::text as asked from nd.model_calls
where tenant_id = $1::uuid and batch_ref = $2::uuid and state = 'open'
