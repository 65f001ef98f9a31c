-- The hot write, outside of a transaction: see sql/migrations/008_erasures.sql. $1-$3 groups, $4-$13 one column each, $14-$18 progress,
-- $19-$21 tombstones, $22-$27 receipts.
call nd.store_events($1::uuid[], $2::int[], $3::int[],
    $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[],
    $14::text, $15::text, $16::int[], $17::bigint[], $18::bigint[],
    $19::timestamptz, $20::bytea[], $21::bytea,
    $22::int[], $23::int[], $24::int[], $25::uuid[], $26::int[], $27::bytea[],
    0, 0, 0, '{}', '{}', '{}', false, '{}')
