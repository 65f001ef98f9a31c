-- Of these dead letters, whose keys name no tenant, those that somebody has dealt with.
select d.dead_partition as partition, d.dead_offset as "offset", d.state, d.note, d.marked_by,
       to_char(d.marked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as marked_at
from unnest($2::int[], $3::bigint[]) u(p, o)
join nd.dead_strays d on d.cluster = $1::text and d.dead_partition = u.p and d.dead_offset = u.o
