-- After the bad rows of a batch have been put elsewhere: $1 cluster, $2 topic, $3 partitions, $4 expected, $5 next offsets. Durable on
-- return, with everything committed before it. Answers the number of partitions; ND002 when the database knows less than expected.
select nd.write_progress($1::text, $2::text, $3::int[], $4::bigint[], $5::bigint[]) as written
