-- Due jobs of one way ($2), at most $3, each with the version of its page that was seen last; locked until the end of the transaction.
with picked as (
    select model_fingerprint, attempts, smaller from nd.page_jobs
    where tenant_id = $1::uuid and way = $2::text and state = 'queued' and next_try <= now()
    order by next_try limit $3::int for update skip locked
)
select p.model_fingerprint, p.attempts, p.smaller, v.fingerprint,
       json_build_object('page', v.page, 'title', v.title, 'elements', v.structure,
                         'captured_at', to_char(v.last_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))::text as record
from picked p left join lateral (
    select fingerprint, page, title, structure, last_seen from nd.page_versions
    where tenant_id = $1::uuid and model_fingerprint = p.model_fingerprint order by last_seen desc limit 1) v on true
