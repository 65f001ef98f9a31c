select nd.end_job($1::uuid, $2::uuid, $3::bytea, $4::text, $5::jsonb, $6::text, $7::text, $8::boolean, $9::int, $10::bigint,
                  $11::text) as applied
