-- Which of these identities ($1 occurred_at, $2 event_id) are rows of the tenant: inside are those that arrived from $3 until before
-- $4, outside the others; missing are the ordinals of those that are no row.
select count(*) filter (where r.inside) as inside, nd.digest_text(sum(r.hash) filter (where r.inside)) as inside_digest,
       count(*) filter (where not r.inside) as outside, nd.digest_text(sum(r.hash) filter (where not r.inside)) as outside_digest,
       coalesce(array_agg(a.n::int order by a.n) filter (where r.inside is null), '{}') as missing
from unnest($1::timestamptz[], $2::uuid[]) with ordinality a(o, e, n)
-- OFFSET 0 makes it one look into the primary key for each. As a plain join, one late event among them would make it read all rows
-- of the tenant since then.
left join lateral (
    select v.received_at >= $3::timestamptz and v.received_at < $4::timestamptz as inside,
           nd.identity_hash(v.tenant_id, v.occurred_at, v.event_id) as hash
    from nd.events v where v.occurred_at = a.o and v.event_id = a.e offset 0
) r on true
