-- The runner goes; the job can be resumed at once.
update nd.jobs set runner = '' where job_id = $1::bigint and runner = $2::text
