-- The weeks that have a partition, with Postgres's estimate of its rows and its bytes on disk.
select to_char(w, 'YYYY-MM-DD') as monday, s.rows_about, s.bytes
from nd.events_weeks() w cross join lateral nd.events_week_size(w) s
order by 1
