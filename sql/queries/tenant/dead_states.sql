-- Of these dead letters of one tenant, those that somebody has dealt with.
select d.dead_partition as partition, d.dead_offset as "offset", d.state, d.note, d.marked_by,
       to_char(d.marked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as marked_at
from unnest($3::int[], $4::bigint[]) u(p, o)
join nd.dead_state d on d.tenant_id = $1::uuid and d.cluster = $2::text and d.dead_partition = u.p and d.dead_offset = u.o
