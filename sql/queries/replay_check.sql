-- Outside of a transaction: see sql/migrations/011_replay.sql. $1-$3 groups, $4-$7 keys and times of arrival.
call nd.replay_check($1::uuid[], $2::int[], $3::int[], $4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[],
    $8::boolean, $9::timestamptz, $10::bytea[], $11::bytea, '{}', '{}', false, 0)
