-- The weeks whose partition was dropped, and when, in microseconds since 1970.
select (extract(epoch from week::timestamp at time zone 'UTC') * 1000000)::bigint as monday_us,
       (extract(epoch from dropped_at) * 1000000)::bigint as dropped_us
from nd.dropped_weeks
