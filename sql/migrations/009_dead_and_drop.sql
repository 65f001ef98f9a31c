-- What ends: dead letters that somebody has dealt with, and weeks that were dropped. And what a dead record costs its neighbours.

-- What became of the records in nd.dead.v1. A record of Kafka cannot be removed by itself, so that it is said here that it is done
-- with. A dead letter without a row is open. `cluster` is Kafka's own id: a new cluster's offsets begin anew.
create table nd.dead_state (
    tenant_id uuid not null,
    cluster text not null,
    dead_partition integer not null check (dead_partition >= 0),
    dead_offset bigint not null check (dead_offset >= 0),
    state text not null check (state in ('dropped', 'erased', 'replayed')),
    marked_at timestamptz not null default now(),
    marked_by text not null default session_user,
    note text not null default '',
    primary key (tenant_id, cluster, dead_partition, dead_offset)
);
alter table nd.dead_state enable row level security, force row level security;
create policy tenant on nd.dead_state
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert, update (state, marked_at, marked_by, note) on nd.dead_state to nd_operator;

-- The same of dead letters whose key names no tenant. They belong to nobody, so that no tenant may see them, and no policy could
-- tell whose they are: only the operator gets here.
create table nd.dead_strays (
    cluster text not null,
    dead_partition integer not null check (dead_partition >= 0),
    dead_offset bigint not null check (dead_offset >= 0),
    state text not null check (state in ('dropped', 'erased', 'replayed')),
    marked_at timestamptz not null default now(),
    marked_by text not null default session_user,
    note text not null default '',
    primary key (cluster, dead_partition, dead_offset)
);
grant select, insert, update (state, marked_at, marked_by, note) on nd.dead_strays to nd_operator;

-- Marks dead letters, all of one tenant and in that tenant's context (null: strays); answers how many have changed. Doing it again
-- changes nothing. `erased` is for good: neither a replay nor a drop takes it back. Without in_cluster it is the one cluster that
-- nd.progress knows.
create function nd.mark_dead(in_tenant uuid, partitions int[], offsets bigint[], in_state text, in_cluster text default null,
                             in_note text default '') returns bigint language plpgsql as $$
declare
    known text := in_cluster;
    changed bigint;
begin
    if array_dims(partitions) is distinct from array_dims(offsets) then
        raise exception 'partitions and offsets do not add up: % and %', array_dims(partitions), array_dims(offsets)
            using errcode = 'ND001';
    end if;
    if known is null then
        select min(cluster) into known from nd.progress having count(distinct cluster) = 1;
        if known is null then
            raise exception 'nd.progress does not know exactly one Kafka cluster: say which one the dead letters are of'
                using errcode = 'ND001';
        end if;
    end if;
    if in_tenant is null then
        insert into nd.dead_strays as d (cluster, dead_partition, dead_offset, state, note)
        select known, u.p, u.o, in_state, in_note from unnest(partitions, offsets) u(p, o) order by u.p, u.o
        on conflict (cluster, dead_partition, dead_offset)
            do update set state = excluded.state, marked_at = now(), marked_by = session_user, note = excluded.note
            where d.state not in ('erased', excluded.state);
    else
        insert into nd.dead_state as d (tenant_id, cluster, dead_partition, dead_offset, state, note)
        select in_tenant, known, u.p, u.o, in_state, in_note from unnest(partitions, offsets) u(p, o) order by u.p, u.o
        on conflict (tenant_id, cluster, dead_partition, dead_offset)
            do update set state = excluded.state, marked_at = now(), marked_by = session_user, note = excluded.note
            where d.state not in ('erased', excluded.state);
    end if;
    get diagnostics changed = row_count;
    return changed;
end
$$;

grant execute on function nd.mark_dead(uuid, int[], bigint[], text, text, text) to nd_operator;

-- The weeks whose partition was dropped, so that a replay or an audit can tell "gone on purpose" from "lost". A week that gets a
-- partition again, because of late events, stays here: rows that were stored before dropped_at are gone.
create table nd.dropped_weeks (
    week date primary key,
    dropped_at timestamptz not null default now(),
    rows_about bigint not null,
    bytes bigint not null
);
grant select on nd.dropped_weeks to nd_operator, nd_writer;

-- What a week's partition holds: Postgres's own estimate of its rows (nobody may count them across tenants) and its size on disk.
create function nd.events_week_size(day date, out rows_about bigint, out bytes bigint) language sql stable as $$
    select greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid)
    from pg_catalog.pg_class c
    where c.oid = to_regclass(format('nd.%I', to_char(date_trunc('week', day::timestamp), '"events_"IYYY"w"IW')))
$$;

-- Drops the partition of the week that holds the day, for good; false when there is none. Only the owner may. Never the default
-- partition, which is no week's, and none of a week that is not over since a week: those still get events.
-- It locks nd.events for a moment; a partition cannot be detached concurrently beside a default one.
create function nd.drop_events_partition(day date) returns boolean language plpgsql as $$
declare
    monday date := date_trunc('week', day::timestamp)::date;
    partition text := to_char(monday, '"events_"IYYY"w"IW');
begin
    if nd.events_week_start(monday + 14) > now() then
        raise exception 'the week of % is not over since a week: its partition stays', monday using errcode = 'ND001';
    end if;
    lock table only nd.events in access exclusive mode;
    if not exists (select from pg_catalog.pg_inherits
                   where inhparent = 'nd.events'::regclass and inhrelid = to_regclass(format('nd.%I', partition))) then
        return false;
    end if;
    -- The clock, not now(): rows may have come while the lock was waited for.
    insert into nd.dropped_weeks as w (week, dropped_at, rows_about, bytes)
    select monday, clock_timestamp(), s.rows_about, s.bytes from nd.events_week_size(monday) s
    on conflict (week) do update set dropped_at = excluded.dropped_at, rows_about = w.rows_about + excluded.rows_about,
                                     bytes = w.bytes + excluded.bytes;
    execute format('drop table nd.%I', partition);
    return true;
end
$$;

-- A group with rows that Postgres refuses. Row by row costs five times as much as all at once, so first some rows together, and only
-- where those fail each by itself: a bad row costs its neighbours little.
create or replace function nd.store_slowly(tenant uuid, first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    out stored bigint, out differing bigint, out bad_rows int[], out bad_states text[], out bad_reasons text[])
language plpgsql as $$
declare
    step constant int := 64;
    one record;
    upper int;
begin
    bad_rows := '{}';
    bad_states := '{}';
    bad_reasons := '{}';
    begin
        select * into stored, differing from nd.store_new(first, last, row_tenants, event_ids, occurred, received, environments,
            names, session_ids, user_ids, pages, documents);
        return;
    exception
        when data_exception or integrity_constraint_violation or sqlstate '54000' then
            null;  -- which rows, is found out below
    end;
    stored := 0;
    differing := 0;
    for lower in first .. last by step loop
        upper := least(lower + step - 1, last);
        begin
            select * into one from nd.store_new(lower, upper, row_tenants, event_ids, occurred, received, environments, names,
                session_ids, user_ids, pages, documents);
            stored := stored + one.stored;
            differing := differing + one.differing;
            continue;
        exception
            when data_exception or integrity_constraint_violation or sqlstate '54000' then
                null;  -- it is one of these
        end;
        for i in lower .. upper loop
            begin
                select * into one from nd.store_new(i, i, row_tenants, event_ids, occurred, received, environments, names, session_ids,
                    user_ids, pages, documents);
                stored := stored + one.stored;
                differing := differing + one.differing;
            exception
                when data_exception or integrity_constraint_violation or sqlstate '54000' then
                    -- The condition covers all of class 54; only the bare code speaks of the value and not of the statement.
                    if sqlstate like '54%' and sqlstate <> '54000' then
                        raise;
                    end if;
                    bad_rows := bad_rows || i;
                    bad_states := bad_states || sqlstate;
                    bad_reasons := bad_reasons || sqlerrm;
            end;
        end loop;
    end loop;
exception
    when others then
        raise exception using errcode = sqlstate, message = format('tenant %s: %s', tenant, sqlerrm);
end
$$;

-- See 003_store_events.sql.
create or replace function nd.store_new(first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[], out stored bigint, out differing bigint)
language plpgsql as $$
declare
    earliest timestamptz;
    latest timestamptz;
    found_rows bigint;
begin
    insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page, properties)
    select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i], session_ids[i], user_ids[i],
           pages[i], documents[i]::jsonb
    from (select generate_series(first, last) i) q
    on conflict do nothing;
    get diagnostics stored = row_count;
    differing := 0;
    if stored = last - first + 1 then
        return;
    end if;
    select min(occurred[i]), max(occurred[i]) into earliest, latest from generate_series(first, last) i;
    -- OFFSET 0 makes it one look into the primary key per row, whatever the planner knows. As a plain join it is planned for hardly
    -- any row while a week's partition is young and has no statistics, and takes seconds: every row is compared with every other.
    select count(*), count(*) filter (where (e.environment, e.name, e.session_id, e.user_id, e.page, e.properties)
        is distinct from (environments[i]::nd.environment, names[i], session_ids[i], user_ids[i], pages[i], documents[i]::jsonb))
    into found_rows, differing
    from generate_series(first, last) i
    cross join lateral (select t.environment, t.name, t.session_id, t.user_id, t.page, t.properties from nd.events t
                        where t.tenant_id = row_tenants[i] and t.occurred_at = occurred[i] and t.event_id = event_ids[i]
                          and t.occurred_at between earliest and latest offset 0) e;
    if found_rows <> last - first + 1 then
        raise exception 'of % rows % are there after they were stored: something in the database swallows rows', last - first + 1,
            found_rows using errcode = 'ND001';
    end if;
end
$$;
