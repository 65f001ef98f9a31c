-- The tenant's pages by route, at most $2: of each the newest version.
with newest as (
    select distinct on (page) page, title, fingerprint, model_fingerprint, last_seen from nd.page_versions
    where tenant_id = $1::uuid order by page, last_seen desc limit $2::int
)
select json_build_object('pages', coalesce(json_agg(json_build_object(
    'page', n.page, 'title', n.title, 'fingerprint', encode(n.fingerprint, 'hex'),
    'enriched', s.notes is not null,
    'last_seen', to_char(n.last_seen at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by n.page), '[]'))::text as body
from newest n left join nd.page_structures s on s.tenant_id = $1::uuid and s.model_fingerprint = n.model_fingerprint
