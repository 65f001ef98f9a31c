-- $1: one job, or null for all. A job that nobody works on has been silent for longer than its runner ever is.
select job_id, kind, spec::text as spec, state, runner, extract(epoch from clock_timestamp() - beat_at)::bigint as silent_s,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as ended_at
from nd.jobs where $1::bigint is null or job_id = $1::bigint
order by job_id
