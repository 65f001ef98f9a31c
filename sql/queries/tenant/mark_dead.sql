select nd.mark_dead($1::uuid, $2::int[], $3::bigint[], $4::text, $5::text, $6::text) as changed
