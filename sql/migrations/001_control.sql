-- Tenants, their keys and limits, and the version that tells the edge when to read them again.

revoke all on schema nd from public;
grant usage on schema nd to nd_ingest, nd_operator, nd_reader, nd_writer, nd_enricher, nd_dashboard;
alter default privileges revoke execute on functions from public;

create table nd.tenants (
    tenant_id uuid primary key default gen_random_uuid(),
    name text not null unique check (name <> ''),
    created_at timestamptz not null default now(),
    suspended_at timestamptz
);

create table nd.api_keys (
    key_id bigint generated always as identity unique,
    tenant_id uuid not null references nd.tenants,
    -- Unique over all tenants: the hash is what a key is looked up by, before any tenant is known. HMAC'd, so no oracle.
    key_hash bytea not null unique check (octet_length(key_hash) = 32),
    environment text not null check (environment in ('live', 'test')),
    scopes text[] not null check (cardinality(scopes) > 0 and scopes <@ array['events', 'schema', 'chat']),
    origins text[] not null default '{}' check (array_position(origins, null) is null),
    browser_only boolean not null default false,
    prefix text not null,
    last4 text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz check (isfinite(expires_at)),
    revoked_at timestamptz,
    last_used_at timestamptz,
    rotated_from bigint,
    primary key (tenant_id, key_id),
    -- Foreign keys are checked without row-level security: without the tenant in it, a key could succeed another tenant's.
    foreign key (tenant_id, rotated_from) references nd.api_keys (tenant_id, key_id)
);

create table nd.tenant_limits (
    tenant_id uuid not null references nd.tenants,
    limit_class text not null check (limit_class in ('events', 'schema', 'chat', 'read')),
    per_minute integer not null check (per_minute between 1 and 6000),
    primary key (tenant_id, limit_class)
);

-- One row. The edge polls it where LISTEN does not reach, so it moves with every change that the edge must see.
create table nd.control_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into nd.control_version (version) values (1);

-- The context is '' and not NULL on a connection that had one before: nullif, or a reused connection would be an error.
alter table nd.tenants enable row level security, force row level security;
create policy tenant on nd.tenants
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy register on nd.tenants to nd_operator using (true) with check (true);
create policy resolve on nd.tenants for select to nd_ingest using (true);
-- Partitions are moved tenant by tenant, by the owner: it must know whom to ask for.
create policy enumerate on nd.tenants for select to nd_owner using (true);

alter table nd.api_keys enable row level security, force row level security;
create policy tenant on nd.api_keys
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy resolve on nd.api_keys for select to nd_ingest using (true);
-- At most once a minute per key, whatever the edge asks for; the column grant below leaves it nothing else to change.
create policy used on nd.api_keys for update to nd_ingest
    using (last_used_at is null or last_used_at <= now() - interval '1 minute')
    with check (last_used_at between now() - interval '1 minute' and now());

alter table nd.tenant_limits enable row level security, force row level security;
create policy tenant on nd.tenant_limits
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
create policy resolve on nd.tenant_limits for select to nd_ingest using (true);

-- No DELETE of tenants and keys, and no UPDATE of what identifies them: they are suspended and revoked.
grant select, insert, update (name, suspended_at) on nd.tenants to nd_operator;
grant select, insert, update (scopes, origins, browser_only, expires_at, revoked_at) on nd.api_keys to nd_operator;
grant select, insert, update (per_minute), delete on nd.tenant_limits to nd_operator;
grant select on nd.control_version to nd_operator;

grant select (tenant_id, suspended_at) on nd.tenants to nd_ingest;
grant select (key_id, tenant_id, key_hash, environment, scopes, origins, browser_only, expires_at, revoked_at, last_used_at),
      update (last_used_at) on nd.api_keys to nd_ingest;
grant select on nd.tenant_limits, nd.control_version to nd_ingest;

-- Moves the version and wakes the listeners: once per statement, by name of the tenant, '*' when there are many. Owner's rights,
-- because the operator who changes a key may not write the version. A key's last use is no change.
create function nd.control_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    touched uuid[];
begin
    if tg_op = 'INSERT' then
        select array_agg(distinct tenant_id) into touched from added;
    elsif tg_op = 'DELETE' then
        select array_agg(distinct tenant_id) into touched from removed;
    else
        select array_agg(distinct tenant_id) into touched from (
            (select tenant_id, to_jsonb(a) - 'last_used_at' as value from added a
             except select tenant_id, to_jsonb(r) - 'last_used_at' from removed r)
            union all
            (select tenant_id, to_jsonb(r) - 'last_used_at' from removed r
             except select tenant_id, to_jsonb(a) - 'last_used_at' from added a)) changed;
    end if;
    if touched is null then
        return null;
    end if;
    update nd.control_version set version = version + 1;
    if cardinality(touched) > 20 then
        perform pg_notify('nd_control', '*');
    else
        perform pg_notify('nd_control', t::text) from unnest(touched) t;
    end if;
    return null;
end
$$;

do $$
declare
    watched text;
begin
    foreach watched in array array['tenants', 'api_keys', 'tenant_limits'] loop
        execute format('create trigger control_inserted after insert on nd.%I referencing new table as added '
                       'for each statement execute function nd.control_changed()', watched);
        execute format('create trigger control_updated after update on nd.%I referencing new table as added old table as removed '
                       'for each statement execute function nd.control_changed()', watched);
        execute format('create trigger control_deleted after delete on nd.%I referencing old table as removed '
                       'for each statement execute function nd.control_changed()', watched);
    end loop;
end
$$;
