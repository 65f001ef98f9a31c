select nd.mark_dead(null, $1::int[], $2::bigint[], $3::text, $4::text, $5::text) as changed
