-- The progress of one partition of nd.pages.v1: never lower.
select nd.advance_pages($1::text, $2::int, $3::bigint) as moved
