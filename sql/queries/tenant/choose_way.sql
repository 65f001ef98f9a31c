-- What waits goes this way, as soon as may be.
update nd.page_jobs set way = $2::text, next_try = now(), changed_at = now() where tenant_id = $1::uuid and state = 'queued'
