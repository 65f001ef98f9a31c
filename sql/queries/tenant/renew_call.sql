-- $3 seconds more.
update nd.page_jobs set next_try = now() + make_interval(secs => $3::int)
where tenant_id = $1::uuid and call_id = $2::uuid and state = 'sending'
