update nd.page_batches set cancel = true
where tenant_id = $1::uuid and state in ('preparing', 'submitting', 'submitted') and not cancel
