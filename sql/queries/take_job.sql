-- From a runner that is silent for longer than $3 seconds, or from nobody.
update nd.jobs set runner = $2::text, beat_at = clock_timestamp()
where job_id = $1::bigint and state = 'running'
  and (runner = '' or beat_at < clock_timestamp() - make_interval(secs => $3::int))
returning job_id
