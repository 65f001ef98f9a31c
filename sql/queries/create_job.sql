insert into nd.jobs (kind, spec, runner) values ($1::text, $2::jsonb, $3::text) returning job_id
