-- The newest version of a page ($2), with the notes on it, or of those on an older version what still holds: notes on elements and
-- sections that are still there, and tours all of whose steps are. Empty: there is no such page.
with version as (
    select fingerprint, page, title, structure, model_fingerprint, last_seen from nd.page_versions
    where tenant_id = $1::uuid and page = $2::text order by last_seen desc limit 1
), own as (
    select s.notes from version v join nd.page_structures s
    on s.tenant_id = $1::uuid and s.model_fingerprint = v.model_fingerprint where s.notes is not null
), older as (
    select notes from nd.page_structures
    where tenant_id = $1::uuid and page = $2::text and notes is not null and not exists (select from own)
    order by enriched_at desc limit 1
), keys as (
    select distinct e ->> 'role' as role, coalesce(e ->> 'name', '') as name, coalesce(e ->> 'section', '') as section
    from version v cross join lateral jsonb_array_elements(v.structure) e where exists (select from older)
), holds as (
    select json_build_object('purpose', notes -> 'purpose',
        'sections', (select coalesce(json_agg(s), '[]') from jsonb_array_elements(notes -> 'sections') s
                     where s ->> 'name' in (select section from keys)),
        'elements', (select coalesce(json_agg(n), '[]') from jsonb_array_elements(notes -> 'elements') n
                     where (n ->> 'role', n ->> 'name', n ->> 'section') in (select role, name, section from keys)),
        'tours', (select coalesce(json_agg(t), '[]') from jsonb_array_elements(notes -> 'tours') t
                  where not exists (select from jsonb_array_elements(t -> 'steps') p cross join lateral (select p -> 'element' as key) e
                                    where (key ->> 'role', key ->> 'name', key ->> 'section')
                                          not in (select role, name, section from keys)))) as notes
    from older
)
select json_build_object('page', page, 'title', title, 'fingerprint', encode(fingerprint, 'hex'), 'enriched', exists (select from own),
    'elements', structure, 'enrichment', coalesce((select notes::json from own), (select notes from holds)))::text as body
from version
