-- The tenant's rows that arrived from $1 until before $2, to be fetched piece by piece (audit_fetch).
declare audit_rows no scroll cursor for
select event_id, (extract(epoch from occurred_at) * 1000000)::bigint as occurred_us,
       (extract(epoch from received_at) * 1000000)::bigint as received_us
-- OFFSET 0: first the rows of the range, then their order. By the primary key alone it would walk over all rows of the tenant.
from (select event_id, occurred_at, received_at from nd.events
      where received_at >= $1::timestamptz and received_at < $2::timestamptz offset 0) arrived
order by occurred_at, event_id
