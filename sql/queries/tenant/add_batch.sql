-- Leased for $3 seconds to whoever puts it together.
insert into nd.page_batches (tenant_id, batch_ref, next_try) values ($1::uuid, $2::uuid, now() + make_interval(secs => $3::int))
