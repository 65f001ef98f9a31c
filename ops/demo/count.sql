-- How many rows a tenant sees, and how many of another's: psql -v tenant=UUID -v whose=UUID -f ops/demo/count.sql
\set QUIET on
begin read only;
select set_config('app.tenant_id', :'tenant', true) \g /dev/null
select count(*) from nd.events where tenant_id = :'whose';
commit;
