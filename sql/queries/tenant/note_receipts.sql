select nd.note_receipts($1::text, $2::uuid[], $3::uuid[], $4::int[], $5::bytea[], $6::timestamptz[])
