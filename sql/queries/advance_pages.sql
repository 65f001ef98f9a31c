-- The progress of one partition of nd.pages.v1: never lower.
insert into nd.progress as p (cluster, topic, partition, next_offset) values ($1::text, $2::text, $3::int, $4::bigint)
on conflict (cluster, topic, partition) do update set next_offset = greatest(p.next_offset, excluded.next_offset), updated_at = now()
