update nd.jobs set state = 'done', runner = '', ended_at = now()
where job_id = $1::bigint and runner = $2::text and state = 'running'
returning job_id
