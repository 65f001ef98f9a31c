select nd.finish_job($1::uuid, $2::uuid, $3::bytea, $4::jsonb, $5::text) as applied
