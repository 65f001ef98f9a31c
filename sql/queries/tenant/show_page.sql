-- The newest version of a page ($2), with the notes on it, or those on an older version that still hold. Empty: there is no such page.
with version as (
    select fingerprint, page, title, structure, model_fingerprint, last_seen from nd.page_versions
    where tenant_id = $1::uuid and page = $2::text order by last_seen desc limit 1
), own as (
    select s.notes, s.enriched_at from version v join nd.page_structures s
    on s.tenant_id = $1::uuid and s.model_fingerprint = v.model_fingerprint where s.notes is not null
), older as (
    select nd.notes_that_hold(s.notes, v.structure) as notes from version v cross join lateral (
        select notes from nd.page_structures where tenant_id = $1::uuid and page = $2::text and notes is not null
        order by enriched_at desc limit 1) s
    where not exists (select from own)
)
select json_build_object('page', page, 'title', title, 'fingerprint', encode(fingerprint, 'hex'), 'enriched', exists (select from own),
                         'elements', structure, 'enrichment', coalesce((select notes from own), (select notes from older)))::text as body
from version
