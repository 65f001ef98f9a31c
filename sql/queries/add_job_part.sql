insert into nd.job_parts (job_id, part, begin_at, end_at, next_at)
values ($1::bigint, $2::int, $3::bigint, $4::bigint, $3::bigint)
