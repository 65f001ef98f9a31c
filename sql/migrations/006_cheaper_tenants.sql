-- What a tenant costs beside its rows. A CHECK is parsed from the catalogue and compiled again by every INSERT, that is once per tenant
-- and batch; a type of two values holds the same promise for nothing.

create type nd.environment as enum ('live', 'test');
alter table nd.events drop constraint events_environment_check;
-- A partition that was made before it was attached has the constraint in its own right too.
do $$
declare
    partition regclass;
begin
    for partition in select inhrelid from pg_catalog.pg_inherits where inhparent = 'nd.events'::regclass loop
        execute format('alter table %s drop constraint if exists events_environment_check', partition);
    end loop;
end
$$;
alter table nd.events alter column environment type nd.environment using environment::nd.environment;

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
    select count(*), count(*) filter (where (e.environment, e.name, e.session_id, e.user_id, e.page, e.properties)
        is distinct from (environments[i]::nd.environment, names[i], session_ids[i], user_ids[i], pages[i], documents[i]::jsonb))
    into found_rows, differing
    from generate_series(first, last) i
    join nd.events e on e.tenant_id = row_tenants[i] and e.occurred_at = occurred[i] and e.event_id = event_ids[i]
    where e.occurred_at between earliest and latest;
    if found_rows <> last - first + 1 then
        raise exception 'of % rows % are there after they were stored: something in the database swallows rows', last - first + 1,
            found_rows using errcode = 'ND001';
    end if;
end
$$;

create or replace procedure nd.store_events(
    tenants uuid[], lo int[], hi int[],
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    in_cluster text, in_topic text, partitions int[], expected bigint[], next_offsets bigint[],
    inout inserted bigint, inout duplicates bigint, inout conflicts bigint,
    inout bad_rows int[], inout bad_states text[], inout bad_reasons text[])
language plpgsql as $$
declare
    violations int := 0;  -- a batch that is there comes whole: after three groups that were, the cheap attempt is skipped
    setting text;
    taken boolean;
    rows_taken bigint;
    slow record;
begin
    perform nd.check_batch(tenants, lo, hi, row_tenants,
        array[array_dims(event_ids), array_dims(occurred), array_dims(received), array_dims(environments), array_dims(names),
              array_dims(session_ids), array_dims(user_ids), array_dims(pages), array_dims(documents)],
        array_position(row_tenants, null) is null and array_position(event_ids, null) is null
        and array_position(occurred, null) is null and array_position(received, null) is null
        and array_position(environments, null) is null and array_position(names, null) is null
        and array_position(documents, null) is null);
    perform nd.check_progress(in_cluster, in_topic, partitions, expected, next_offsets);
    inserted := 0;
    duplicates := 0;
    conflicts := 0;
    bad_rows := '{}';
    bad_states := '{}';
    bad_reasons := '{}';

    for k in 1 .. cardinality(tenants) loop
        -- An assignment, not PERFORM: a plain expression needs no executor, and this runs once per tenant.
        setting := set_config('app.tenant_id', tenants[k]::text, true) || set_config('synchronous_commit', 'off', true);
        taken := false;
        if violations < 3 then
            begin
                insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                       properties)
                select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i],
                       session_ids[i], user_ids[i], pages[i], documents[i]::jsonb
                from (select generate_series(lo[k], hi[k]) i) q;
                get diagnostics rows_taken = row_count;
                taken := true;
            exception
                when unique_violation then
                    violations := violations + 1;
                when data_exception or integrity_constraint_violation or sqlstate '54000' then
                    null;  -- which rows, the slow way finds out
                when others then
                    raise exception using errcode = sqlstate, message = format('tenant %s: %s', tenants[k], sqlerrm);
            end;
        end if;
        if taken then
            -- A trigger or a rule may turn an INSERT into nothing without an error; the rows would count as stored.
            if rows_taken <> hi[k] - lo[k] + 1 then
                raise exception 'tenant %: of % rows % were stored: something in the database swallows rows', tenants[k],
                    hi[k] - lo[k] + 1, rows_taken using errcode = 'ND001';
            end if;
            inserted := inserted + rows_taken;
        else
            select * into slow from nd.store_slowly(tenants[k], lo[k], hi[k], row_tenants, event_ids, occurred, received,
                environments, names, session_ids, user_ids, pages, documents);
            inserted := inserted + slow.stored;
            conflicts := conflicts + slow.differing;
            duplicates := duplicates + (hi[k] - lo[k] + 1) - slow.stored - slow.differing - cardinality(slow.bad_rows);
            bad_rows := bad_rows || slow.bad_rows;
            bad_states := bad_states || slow.bad_states;
            bad_reasons := bad_reasons || slow.bad_reasons;
        end if;
        commit;
    end loop;

    if cardinality(bad_rows) = 0 then
        perform nd.write_progress(in_cluster, in_topic, partitions, expected, next_offsets);
    end if;
end
$$;
