update nd.jobs set state = 'cancelled', runner = '', ended_at = now() where job_id = $1::bigint and state = 'running' returning job_id
