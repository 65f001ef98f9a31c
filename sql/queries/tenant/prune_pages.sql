-- Not loaded since the day $2; $3 rows of each kind at a time.
select versions, texts, structures from nd.prune_pages($1::uuid, $2::date::timestamp at time zone 'UTC', $3::int)
