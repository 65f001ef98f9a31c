select nd.close_call($1::uuid, $2::uuid, $3::text, $4::bigint, $5::bigint, $6::bigint, $7::bigint, $8::text, $9::text) as closed
