-- What waits goes the batch's way when it is more than $2.
update nd.page_jobs set way = 'batch', changed_at = now()
where tenant_id = $1::uuid and way = 'fresh' and state = 'queued' and not smaller
  and (select count(*) from (select from nd.page_jobs where tenant_id = $1::uuid and way = 'fresh' and state = 'queued'
                             limit $2::bigint + 1) waits) > $2::bigint
