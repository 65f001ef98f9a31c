-- One load of a page: $2 fingerprint, $5 its elements, $6 the session's hash or null, $7 the keys of its texts.
select nd.take_page($1::uuid, $2::bytea, $3::text, $4::text, $5::jsonb, $6::bytea, $7::bytea[])::int[] as seen
