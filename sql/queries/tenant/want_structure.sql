select nd.want_structure($1::uuid, $2::bytea, $3::bytea, $4::text, $5::int, $6::int) as wanted
