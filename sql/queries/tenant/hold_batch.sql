-- A batch that is being put together stays its maker's for $3 seconds more; none when somebody has given it up.
update nd.page_batches set next_try = now() + make_interval(secs => $3::int)
where tenant_id = $1::uuid and batch_ref = $2::uuid and state = 'preparing'
returning batch_ref
