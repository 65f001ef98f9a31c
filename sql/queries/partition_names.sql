-- From the catalogue, so that any role may ask.
select c.relname as name
from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
where i.inhparent = to_regclass('nd.events') and c.relname ~ '^events_[0-9]{4}w[0-9]{2}$'
order by 1
