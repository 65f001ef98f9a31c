-- The next batch of the tenant's that is due, leased for $2 seconds.
update nd.page_batches set next_try = now() + make_interval(secs => $2::int)
where tenant_id = $1::uuid and batch_ref = (
    select batch_ref from nd.page_batches
    where tenant_id = $1::uuid and state in ('preparing', 'submitting', 'submitted') and next_try <= now()
    order by next_try limit 1 for update skip locked)
returning batch_ref::text as batch_ref, state, input_file_id, batch_id, cancel,
          extract(epoch from now() - made_at)::bigint as age_s
