-- Those of one way that are due, with the reason for it; $3 milliseconds.
update nd.page_jobs set next_try = now() + make_interval(secs => $3::bigint / 1000.0), reason = $4::text, changed_at = now()
where tenant_id = $1::uuid and way = $2::text and state = 'queued' and next_try <= now()
