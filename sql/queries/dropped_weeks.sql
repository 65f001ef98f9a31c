-- As microseconds since 1970: the week's range of occurred_at, and when its rows were dropped.
select to_char(week, 'YYYY-MM-DD') as monday,
       (extract(epoch from week::timestamp at time zone 'UTC') * 1000000)::bigint as from_us,
       (extract(epoch from (week + 7)::timestamp at time zone 'UTC') * 1000000)::bigint as to_us,
       (extract(epoch from dropped_at) * 1000000)::bigint as dropped_us
from nd.dropped_weeks order by week
