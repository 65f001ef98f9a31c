-- To a state, from the one that the caller has seen; its next turn is in $7 seconds.
update nd.page_batches
set state = $4::text, input_file_id = coalesce($5::text, input_file_id), batch_id = coalesce($6::text, batch_id),
    next_try = now() + make_interval(secs => $7::int), outcome = $8::text, tried_at = now(),
    ended_at = case when $4::text in ('done', 'failed') then now() end
where tenant_id = $1::uuid and batch_ref = $2::uuid and state = $3::text
returning state
