update nd.jobs set beat_at = clock_timestamp() where job_id = $1::bigint and runner = $2::text and state = 'running' returning job_id
