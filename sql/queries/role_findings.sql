-- How the roles differ from sql/roles.sql, one row per finding (code, object, detail). Reads the catalogue only, so any role may ask.
with wanted(name, may_login, bypass) as (
    values ('nd_owner', false, false), ('nd_migrate', true, false), ('nd_ingest', true, false), ('nd_operator', true, false),
           ('nd_backup', true, true), ('nd_reader', true, false), ('nd_writer', true, false), ('nd_enricher', true, false),
           ('nd_dashboard', true, false), ('nd_auditor', false, false)
), found as (
    select w.*, r.oid, r.rolcanlogin, r.rolbypassrls, r.rolconfig,
           array_remove(array[case when r.rolsuper then 'SUPERUSER' end, case when r.rolcreaterole then 'CREATEROLE' end,
                              case when r.rolcreatedb then 'CREATEDB' end, case when r.rolreplication then 'REPLICATION' end,
                              case when r.rolbypassrls and not w.bypass then 'BYPASSRLS' end,
                              case when r.rolcanlogin and not w.may_login then 'LOGIN' end], null) as excess
    from wanted w left join pg_catalog.pg_roles r on r.rolname = w.name
)
select 'role_missing' as code, name as object, 'does not exist' as detail from found where oid is null
union all
select 'role_too_strong', name, 'has ' || array_to_string(excess, ', ') || ', which it must not have'
from found where cardinality(excess) > 0
union all
select 'role_too_weak', name, 'may not log in' from found where oid is not null and may_login and not rolcanlogin
union all
select 'role_too_weak', name, 'has no BYPASSRLS: its dumps would be empty' from found where oid is not null and bypass and not rolbypassrls
union all
select 'owner_member', m.member::regrole::text, 'is a member of nd_owner: it could switch row-level security off'
from pg_catalog.pg_auth_members m join found o on o.oid = m.roleid join pg_catalog.pg_roles r on r.oid = m.member
where o.name = 'nd_owner' and r.rolname <> 'nd_migrate' and not r.rolsuper
union all
select 'migrate_no_member', 'nd_migrate', 'is not a member of nd_owner: it can neither migrate nor make partitions'
from found m join found o on o.name = 'nd_owner'
where m.name = 'nd_migrate' and m.oid is not null and o.oid is not null
  and not exists (select from pg_catalog.pg_auth_members a where a.roleid = o.oid and a.member = m.oid)
union all
select 'writer_replans', name, 'has no plan_cache_mode = force_generic_plan: each batch costs five to ten times its work'
from found where name = 'nd_writer' and oid is not null and not coalesce('plan_cache_mode=force_generic_plan' = any (rolconfig), false)
order by 1, 2, 3
