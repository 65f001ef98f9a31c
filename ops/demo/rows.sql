-- What a tenant sees: psql "$ND_READER_DATABASE_URL" -v tenant=UUID [-v rows=6] -f ops/demo/rows.sql
-- The role that asks has no tenant of its own: the one that the transaction names decides which rows exist for it.
\set QUIET on
\if :{?rows}
\else
\set rows 6
\endif
begin read only;
select set_config('app.tenant_id', :'tenant', true) \g /dev/null
select occurred_at::timestamp(3) as occurred_at, name, left(page, 28) as page, properties ->> 'role' as role,
       left(properties ->> 'element', 30) as element
from nd.events
order by occurred_at desc, event_id
limit :rows;
commit;
