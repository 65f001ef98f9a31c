-- $4, $5 the row behind which to go on; null for the first. $6 rows to look at.
select seen, deleted, kept, last_at::text as last_at, last_id::text as last_id
from nd.erase_rows($1::uuid, $2::text, $3::bytea, coalesce($4::timestamptz, '-infinity'),
                   coalesce($5::uuid, '00000000-0000-0000-0000-000000000000'), $6::int)
