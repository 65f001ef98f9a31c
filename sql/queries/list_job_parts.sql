select part, begin_at, end_at, next_at, read, written, dead, erased, expired,
       mod(log_digest + 18446744073709551616, 18446744073709551616)::text as log_digest,
       mod(table_digest + 18446744073709551616, 18446744073709551616)::text as table_digest
from nd.job_parts where job_id = $1::bigint
order by part
