-- The roles and what the database allows everybody, run by a superuser in the database to prepare (`ndctl migrate --roles`).
-- Idempotent: roles belong to the whole cluster, so a second database finds them already there. Passwords are set elsewhere.
--   nd_owner     owns every object, cannot log in          nd_migrate   its only member: migrations and partitions
--   nd_operator  ndctl: tenants, keys, limits              nd_ingest    the edge: resolves keys and limits
--   nd_writer    stores events                             nd_reader, nd_dashboard   read events
--   nd_enricher  page structures (its tables come later)   nd_backup    BYPASSRLS, only dumps
--   nd_auditor   cannot log in: owns the one function that adds up the identities of all tenants (migration 012)
do $$
declare
    wanted record;
begin
    -- Two databases of a cluster may be prepared at the same moment, and roles belong to both: one at a time. An advisory lock would
    -- hold in one database only. Who may not lock a catalogue is no superuser, and goes on alone.
    begin
        lock table pg_catalog.pg_authid in share row exclusive mode;
    exception
        when insufficient_privilege then
            null;
    end;
    for wanted in
        select * from (values
            ('nd_owner', false, false, false), ('nd_migrate', true, false, false), ('nd_ingest', true, false, true),
            ('nd_operator', true, false, true), ('nd_backup', true, true, true), ('nd_reader', true, false, true),
            ('nd_writer', true, false, true), ('nd_enricher', true, false, true), ('nd_dashboard', true, false, true),
            ('nd_auditor', false, false, false)
        ) as r(name, may_login, bypass, inherits)
    loop
        if not exists (select from pg_roles where rolname = wanted.name) then
            execute format('create role %I', wanted.name);
        end if;
        -- Every attribute is said again: a role that an earlier hand made too strong is weak after this.
        if exists (select from pg_roles where rolname = wanted.name
                   and (rolsuper or rolcreaterole or rolcreatedb or rolreplication
                        or rolcanlogin <> wanted.may_login or rolbypassrls <> wanted.bypass or rolinherit <> wanted.inherits)) then
            execute format('alter role %I nosuperuser nocreaterole nocreatedb noreplication %s %s %s', wanted.name,
                           case when wanted.may_login then 'login' else 'nologin' end,
                           case when wanted.bypass then 'bypassrls' else 'nobypassrls' end,
                           case when wanted.inherits then 'inherit' else 'noinherit' end);
        end if;
    end loop;

    -- nd_migrate acts as the owner only after SET ROLE nd_owner (NOINHERIT): a slip in a session of its own changes nothing.
    if not exists (select from pg_auth_members where roleid = 'nd_owner'::regrole and member = 'nd_migrate'::regrole) then
        grant nd_owner to nd_migrate;
    end if;
    -- So that a migration can give nd_auditor its function. The owner does not inherit: nd_auditor's policy is not the owner's.
    if not exists (select from pg_auth_members where roleid = 'nd_auditor'::regrole and member = 'nd_owner'::regrole) then
        grant nd_auditor to nd_owner;
    end if;
    -- pg_dump reads each partition by itself, where nobody has a grant.
    if not exists (select from pg_auth_members where roleid = 'pg_read_all_data'::regrole and member = 'nd_backup'::regrole) then
        grant pg_read_all_data to nd_backup;
    end if;
    -- With "auto" the planner makes a new plan of the writer's INSERT for each of the first five tenants of every batch, and may
    -- never keep one: five to ten times the time of the insert itself.
    if not exists (select from pg_db_role_setting where setrole = 'nd_writer'::regrole and setdatabase = 0
                   and 'plan_cache_mode=force_generic_plan' = any (setconfig)) then
        alter role nd_writer set plan_cache_mode = force_generic_plan;
    end if;
    -- A little less than the writer waits for its CALL: one that it gave up, behind somebody's lock, must not wait there for ever and
    -- be joined by the next.
    if not exists (select from pg_db_role_setting where setrole = 'nd_writer'::regrole and setdatabase = 0
                   and 'statement_timeout=55s' = any (setconfig)) then
        alter role nd_writer set statement_timeout = '55s';
    end if;

    -- A temp table named like one of ours, or a table in public, would swallow rows.
    execute format('revoke all on database %I from public', current_database());
    execute format('grant connect on database %I to nd_migrate, nd_ingest, nd_operator, nd_backup, nd_reader, nd_writer, '
                   'nd_enricher, nd_dashboard', current_database());
    revoke create on schema public from public;
    create schema if not exists nd authorization nd_owner;
end
$$;
