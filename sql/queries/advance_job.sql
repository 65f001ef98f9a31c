select nd.advance_job($1::bigint, $2::text, $3::int, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint,
                      $10::numeric, $11::numeric)
