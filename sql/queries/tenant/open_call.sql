select nd.open_call($1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::bytea[], $7::bigint, $8::bigint, $9::bigint,
                    $10::bigint, $11::bigint, $12::int, $13::jsonb) as verdict
