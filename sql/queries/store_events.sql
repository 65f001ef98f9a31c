-- The hot write, outside of a transaction: see sql/migrations/003_store_events.sql. $1-$3 groups, $4-$13 one column each, $14-$18 progress.
call nd.store_events($1::uuid[], $2::int[], $3::int[],
    $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[],
    $14::text, $15::text, $16::int[], $17::bigint[], $18::bigint[],
    0, 0, 0, '{}', '{}', '{}')
