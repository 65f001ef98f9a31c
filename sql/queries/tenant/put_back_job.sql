select nd.put_back_job($1::uuid, $2::uuid, $3::bytea, $4::text, $5::text, $6::boolean, $7::int, $8::bigint, $9::text) as applied
