-- Outside of a transaction: see sql/migrations/011_replay.sql. $1-$3 groups, $4-$13 one column each, $18-$20 the job.
call nd.replay_events($1::uuid[], $2::int[], $3::int[],
    $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[],
    $10::text[], $11::text[], $12::text[], $13::text[],
    $14::boolean, $15::timestamptz, $16::bytea[], $17::bytea, $18::bigint, $19::text, $20::int,
    0, 0, '{}', '{}', '{}', '{}', false)
