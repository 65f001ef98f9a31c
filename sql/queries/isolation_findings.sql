-- What makes tenant isolation unsafe for the role that asks, one row per finding (code, object, detail); no row is a safe database.
-- Programs refuse to start on any row (sql/isolation.hpp), doctor shows them. Reads the catalogue only, so any role may ask.
with reachable as (
    -- The role itself, the one it logged in as, and whatever either could become: a mere member of the owner can switch RLS off.
    select r.oid, r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolname in (current_user, session_user) as self
    from pg_catalog.pg_roles r
    where r.rolname in (current_user, session_user)
       or (not (select bool_or(s.rolsuper) from pg_catalog.pg_roles s where s.rolname in (current_user, session_user))
           and (pg_has_role(current_user, r.oid, 'member') or pg_has_role(session_user, r.oid, 'member')))
), user_schemas as (
    select n.oid, n.nspname from pg_catalog.pg_namespace n
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
), holding as (
    -- Every table with a tenant_id, whoever made it, apart from partitions.
    select c.oid, format('%s.%s', n.nspname, c.relname) as name, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.relacl
    from pg_catalog.pg_class c join user_schemas n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f') and not c.relispartition
      and exists (select from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
), pieces as (
    select c.oid, format('%s.%s', n.nspname, c.relname) as name, c.relowner, c.relrowsecurity, c.relforcerowsecurity, c.relacl
    from holding h cross join lateral pg_catalog.pg_partition_tree(h.oid) t
    join pg_catalog.pg_class c on c.oid = t.relid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
    where t.level > 0
), policies as (
    select h.name, p.polname, p.polcmd, p.polpermissive,
           (select array_agg(coalesce(r.rolname, 'public') order by r.rolname)
            from unnest(p.polroles) o left join pg_catalog.pg_roles r on r.oid = o) as roles,
           coalesce(pg_get_expr(p.polqual, p.polrelid), '') as reads,
           coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid), '') as writes,
           '^\(tenant_id = \( SELECT \(?NULLIF\(current_setting\(''app\.tenant_id''::text, true\), ''''::text\)\)?::uuid AS "?nullif"?\)\)$'
               as safe
    from pg_catalog.pg_policy p join holding h on h.oid = p.polrelid
), judged as (
    select *, polcmd = '*' and reads ~ safe and writes ~ safe as is_tenant_policy,
           -- The few that are meant to see across tenants: the register, resolving keys before any tenant is known, tombstones that
           -- a batch of many tenants is held against, what has expired, whose turn it is, and the audit, whose role nobody can be
           -- and whose grant ends
           -- at the columns of the identity.
           (name, polcmd::text, roles::text, reads) in (
               ('nd.tenants', '*', '{nd_operator}', 'true'), ('nd.tenants', 'r', '{nd_ingest}', 'true'),
               ('nd.tenants', 'r', '{nd_owner}', 'true'), ('nd.api_keys', 'r', '{nd_ingest}', 'true'),
               ('nd.tenant_limits', 'r', '{nd_ingest}', 'true'), ('nd.events', 'r', '{nd_auditor}', 'true'),
               ('nd.erasures', 'r', '{nd_owner}', 'true'), ('nd.page_jobs', 'r', '{nd_owner}', 'true'),
               ('nd.page_batches', 'r', '{nd_owner}', 'true'),
               ('nd.receipts', 'r', '{nd_owner}', '(received_at < (now() - ''100 days''::interval))'),
               ('nd.receipts', 'd', '{nd_owner}', '(received_at < (now() - ''100 days''::interval))'))
           or (name = 'nd.api_keys' and polcmd = 'w' and roles::text = '{nd_ingest}') as is_known_exception
    from policies
), seen_through as (
    -- Views and materialized views that read a table with a tenant_id.
    select distinct v.oid, format('%s.%s', n.nspname, v.relname) as name, v.relkind, v.relowner, v.reloptions
    from pg_catalog.pg_depend d join pg_catalog.pg_rewrite w on w.oid = d.objid
    join pg_catalog.pg_class v on v.oid = w.ev_class join user_schemas n on n.oid = v.relnamespace
    where d.classid = 'pg_catalog.pg_rewrite'::regclass and d.refclassid = 'pg_catalog.pg_class'::regclass
      and v.relkind in ('v', 'm') and d.refobjid in (select oid from holding union all select oid from pieces)
)
select 'superuser' as code, rolname::text as object, 'is a superuser: policies do not hold for it' as detail
from reachable where rolsuper
union all
select 'bypasses_rls', rolname::text, 'has BYPASSRLS: policies do not hold for it' from reachable where rolbypassrls and not rolsuper
union all
select 'creates_roles', rolname::text, 'has CREATEROLE: it could make itself a member of the owner'
from reachable where rolcreaterole and not rolsuper
union all
select 'owner', r.rolname::text,
       'owns ' || (select min(h.name) from holding h where h.relowner = r.oid) || ': it could switch row-level security off'
from reachable r where not r.rolsuper and r.oid in (select relowner from holding union all select relowner from pieces)
union all
select 'owner', r.rolname::text, 'owns the schema nd' from reachable r join pg_catalog.pg_namespace n on n.nspowner = r.oid
where n.nspname = 'nd' and not r.rolsuper
union all
select 'auditor', rolname::text, 'sees which events every tenant has: nobody but the function nd.audit_sums may act as it'
from reachable where rolname = 'nd_auditor' and not rolsuper and not exists (select from reachable where rolname = 'nd_owner')
union all
select 'auditor', 'nd_auditor',
       format('has %s on %s%s, which is more than an event''s identity', g.privilege_type, h.name, '.' || g.attname)
from holding h cross join lateral (
    select x.privilege_type, null as attname from aclexplode(h.relacl) x where x.grantee = to_regrole('nd_auditor')
    union all
    select x.privilege_type, a.attname from pg_catalog.pg_attribute a cross join lateral aclexplode(a.attacl) x
    where a.attrelid = h.oid and x.grantee = to_regrole('nd_auditor')
      and (h.name, a.attname::text, x.privilege_type) not in (
          ('nd.events', 'tenant_id', 'SELECT'), ('nd.events', 'event_id', 'SELECT'),
          ('nd.events', 'occurred_at', 'SELECT'), ('nd.events', 'received_at', 'SELECT'))
) g
union all
select 'server_access', rolname::text, 'reaches files, programs or every table of the server'
from reachable where rolname in ('pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_write_all_data')
union all
select 'dangerous_right', h.name, format('%s has %s on it', r.rolname, p.privilege)
from reachable r cross join holding h cross join (values ('TRUNCATE'), ('REFERENCES'), ('TRIGGER')) p(privilege)
where not r.rolsuper and r.oid <> h.relowner and (has_table_privilege(r.oid, h.oid, p.privilege)
                                                  or p.privilege = 'REFERENCES' and has_any_column_privilege(r.oid, h.oid, p.privilege))
union all
select 'missing_table', name, 'does not exist: run the migrations'
from unnest(array['nd.events', 'nd.tenants', 'nd.api_keys', 'nd.tenant_limits']) name where name not in (select h.name from holding h)
union all
select 'rls_disabled', name, 'row-level security is not enabled' from holding where not relrowsecurity
union all
select 'rls_not_forced', name, 'row-level security is not forced: it does not hold for the owner' from holding where not relforcerowsecurity
union all
select 'no_tenant_policy', h.name, 'has no policy that compares tenant_id with app.tenant_id for reading and writing'
from holding h where not exists (select from judged j where j.name = h.name and j.polpermissive and j.is_tenant_policy)
union all
select 'unsafe_policy', name, format('policy %s lets %s past the tenant', polname, array_to_string(roles, ', '))
from judged where polpermissive and not is_tenant_policy and not is_known_exception
union all
select 'public_grant', h.name, 'PUBLIC has rights on it'
from holding h where exists (select from aclexplode(h.relacl) where grantee = 0)
union all
select 'partition_rls', name, 'a partition without ENABLE and FORCE ROW LEVEL SECURITY' from pieces
where not relrowsecurity or not relforcerowsecurity
union all
select 'partition_policy', p.name, format('a partition with a policy of its own, %s', y.polname)
from pieces p join pg_catalog.pg_policy y on y.polrelid = p.oid
union all
select 'partition_grant', p.name, 'a partition that can be reached directly'
from pieces p where exists (select from aclexplode(p.relacl) a where a.grantee <> p.relowner)
    or exists (select from pg_catalog.pg_attribute a cross join lateral aclexplode(a.attacl) x
               where a.attrelid = p.oid and x.grantee <> p.relowner)
union all
select 'public_may_create', 'schema ' || nspname, 'PUBLIC may create objects in it' from user_schemas
where has_schema_privilege('public', oid, 'create')
union all
select 'public_may_create', 'database ' || current_database(), format('PUBLIC has %s on it', upper(privilege))
from unnest(array['temp', 'create']) privilege where has_database_privilege('public', current_database(), privilege)
union all
select 'may_create', 'database ' || current_database(),
       format('%s has %s on it: a table of its own could stand in the way of ours', r.rolname, upper(privilege))
from reachable r cross join unnest(array['temp', 'create']) privilege
where not r.rolsuper and has_database_privilege(r.oid, current_database(), privilege)
  and not has_database_privilege('public', current_database(), privilege)
union all
select 'may_create', 'schema ' || s.nspname, format('%s may create objects in it', r.rolname)
from reachable r cross join user_schemas s
where not r.rolsuper and has_schema_privilege(r.oid, s.oid, 'create') and not has_schema_privilege('public', s.oid, 'create')
  and s.nspname = 'nd' and not exists (select from pg_catalog.pg_namespace n where n.oid = s.oid and n.nspowner = r.oid)
union all
select 'view_bypasses_rls', v.name, 'reads a tenant''s table with the rights of a role that policies do not hold for'
from seen_through v join pg_catalog.pg_roles o on o.oid = v.relowner
where v.relkind = 'm'
   or ((o.rolsuper or o.rolbypassrls) and not coalesce('security_invoker=true' = any (v.reloptions), false))
union all
select 'function_bypasses_rls', format('%s.%s', n.nspname, f.proname),
       'is SECURITY DEFINER and belongs to a role that policies do not hold for'
from pg_catalog.pg_proc f join user_schemas n on n.oid = f.pronamespace join pg_catalog.pg_roles o on o.oid = f.proowner
where f.prosecdef and (o.rolsuper or o.rolbypassrls) and f.prorettype <> 'trigger'::regtype
  and (select bool_or(has_function_privilege(r.oid, f.oid, 'execute')) from reachable r)
order by 1, 2, 3
