-- The procedures with which a replay finds out what is missing and stores it.

-- Which of the rows first..last, all of one tenant and in primary key order, are not there, and the digest of those that are.
-- A replay's rows of one tenant lie close together, so one walk over the index between the first and the last is several times
-- cheaper than a descent for each. Where much else lies between them (late events), it gives up and descends.
create function nd.look_up(staging boolean, tenant uuid, first int, last int, row_tenants uuid[], event_ids uuid[],
                           occurred timestamptz[], out missing int[], out digest numeric)
language plpgsql as $$
declare
    most int := 4 * (last - first + 1) + 1000;
    walked bigint;
begin
    if staging then
        with held as materialized (
            select e.tenant_id, e.occurred_at, e.event_id from nd.events_staging e
            where e.tenant_id = tenant and e.occurred_at between occurred[first] and occurred[last] limit most)
        select array_agg(i) filter (where h.event_id is null), sum(nd.identity_hash(h.tenant_id, h.occurred_at, h.event_id)),
               (select count(*) from held)
        into missing, digest, walked
        from generate_series(first, last) i
        left join held h on h.tenant_id = row_tenants[i] and h.occurred_at = occurred[i] and h.event_id = event_ids[i];
    else
        with held as materialized (
            select e.tenant_id, e.occurred_at, e.event_id from nd.events e
            where e.tenant_id = tenant and e.occurred_at between occurred[first] and occurred[last] limit most)
        select array_agg(i) filter (where h.event_id is null), sum(nd.identity_hash(h.tenant_id, h.occurred_at, h.event_id)),
               (select count(*) from held)
        into missing, digest, walked
        from generate_series(first, last) i
        left join held h on h.tenant_id = row_tenants[i] and h.occurred_at = occurred[i] and h.event_id = event_ids[i];
    end if;
    if walked < most then
        return;
    end if;
    if staging then
        select array_agg(i) filter (where e.event_id is null), sum(nd.identity_hash(e.tenant_id, e.occurred_at, e.event_id))
        into missing, digest
        from generate_series(first, last) i
        left join lateral (select * from nd.events_staging e where e.tenant_id = row_tenants[i] and e.occurred_at = occurred[i]
                           and e.event_id = event_ids[i] offset 0) e on true;
    else
        select array_agg(i) filter (where e.event_id is null), sum(nd.identity_hash(e.tenant_id, e.occurred_at, e.event_id))
        into missing, digest
        from generate_series(first, last) i
        left join lateral (select * from nd.events e where e.tenant_id = row_tenants[i] and e.occurred_at = occurred[i]
                           and e.event_id = event_ids[i] offset 0) e on true;
    end if;
end
$$;

-- Asks before anything is sent: which rows of the batch are not there (places from 1), and the digest of those that are. Groups and
-- keys as in nd.store_events. Writes nothing. Tombstones as there: when wants_hashes comes back, nothing was looked up, call again
-- with user_hashes; `erased` are places, too, neither among the missing nor in the digest.
create procedure nd.replay_check(tenants uuid[], lo int[], hi int[], row_tenants uuid[], event_ids uuid[], occurred timestamptz[],
    received timestamptz[], staging boolean, oldest timestamptz, user_hashes bytea[], hash_key bytea,
    inout missing int[], inout erased int[], inout wants_hashes boolean, inout there_digest numeric)
language plpgsql as $$
declare
    setting text;
    seen record;
begin
    perform nd.check_batch(tenants, lo, hi, row_tenants, array[array_dims(event_ids), array_dims(occurred), array_dims(received)],
        array_position(row_tenants, null) is null and array_position(event_ids, null) is null
        and array_position(occurred, null) is null and array_position(received, null) is null);
    missing := '{}';
    erased := '{}';
    there_digest := 0;
    wants_hashes := false;
    if nd.has_erasures(tenants, oldest) then
        wants_hashes := user_hashes is null;
        if wants_hashes then
            return;
        end if;
        erased := nd.erased_rows(row_tenants, user_hashes, received, hash_key);
    end if;
    for k in 1 .. cardinality(tenants) loop
        setting := set_config('app.tenant_id', tenants[k]::text, true);
        select * into seen from nd.look_up(staging, tenants[k], lo[k], hi[k], row_tenants, event_ids, occurred);
        missing := missing || seen.missing;
        there_digest := there_digest + coalesce(seen.digest, 0);
        commit;
    end loop;
    if cardinality(erased) > 0 then
        -- An erasure that is under way, or was cut short, has rows that are still there.
        select there_digest - coalesce(sum(nd.identity_hash(row_tenants[i], occurred[i], event_ids[i])), 0) into there_digest
        from (select unnest(erased) except select unnest(missing)) q(i);
        select coalesce(array_agg(i), '{}') into missing from (select unnest(missing) except select unnest(erased)) q(i);
    end if;
end
$$;

-- The rows first..last that are not there yet, and the digest of all of them as they are in the table then.
create function nd.replay_rows(staging boolean, first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[], out stored bigint, out digest numeric)
language plpgsql as $$
declare
    seen record;
begin
    if staging then
        with added as (
            insert into nd.events_staging (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                           properties)
            select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i], session_ids[i],
                   user_ids[i], pages[i], documents[i]::jsonb
            from (select generate_series(first, last) i) q
            on conflict do nothing
            returning tenant_id, occurred_at, event_id)
        select count(*), sum(nd.identity_hash(tenant_id, occurred_at, event_id)) into stored, digest from added;
    else
        -- ON CONFLICT makes each row dearer, and they were all missing a moment ago.
        begin
            with added as (
                insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                       properties)
                select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i],
                       session_ids[i], user_ids[i], pages[i], documents[i]::jsonb
                from (select generate_series(first, last) i) q
                returning tenant_id, occurred_at, event_id)
            select count(*), sum(nd.identity_hash(tenant_id, occurred_at, event_id)) into stored, digest from added;
        exception when unique_violation then
            with added as (
                insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                       properties)
                select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i],
                       session_ids[i], user_ids[i], pages[i], documents[i]::jsonb
                from (select generate_series(first, last) i) q
                on conflict do nothing
                returning tenant_id, occurred_at, event_id)
            select count(*), sum(nd.identity_hash(tenant_id, occurred_at, event_id)) into stored, digest from added;
        end;
    end if;
    if stored < last - first + 1 then
        -- Somebody was quicker since they were looked up: the live writer, or another replay.
        select * into seen from nd.look_up(staging, row_tenants[first], first, last, row_tenants, event_ids, occurred);
        if cardinality(seen.missing) > 0 then
            raise exception 'of % rows % are not there after they were stored: something in the database swallows rows',
                last - first + 1, cardinality(seen.missing) using errcode = 'ND001';
        end if;
        digest := seen.digest;
    end if;
end
$$;

-- A group that Postgres refused as a whole: in steps of 64 rows, and row by row where a step is refused, so that each bad row is named
-- and the others are stored.
create function nd.replay_slowly(staging boolean, first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    out stored bigint, out digest numeric, out bad_rows int[], out bad_states text[], out bad_reasons text[])
language plpgsql as $$
declare
    one record;
    step_from int := first;
    step_to int;
    step_size int := 64;
begin
    stored := 0;
    digest := 0;
    bad_rows := '{}';
    bad_states := '{}';
    bad_reasons := '{}';
    while step_from <= last loop
        step_to := least(step_from + step_size - 1, last);
        begin
            select * into one from nd.replay_rows(staging, step_from, step_to, row_tenants, event_ids, occurred, received, environments,
                names, session_ids, user_ids, pages, documents);
            stored := stored + one.stored;
            digest := digest + one.digest;
            step_from := step_to + 1;
            if (step_from - first) % 64 = 0 then
                step_size := 64;
            end if;
        exception
            when data_exception or integrity_constraint_violation or sqlstate '54000' then
                -- The condition covers all of class 54; only the bare code speaks of the value and not of the statement.
                if sqlstate like '54%' and sqlstate <> '54000' then
                    raise;
                end if;
                if step_size > 1 then
                    step_size := 1;
                else
                    bad_rows := bad_rows || step_from;
                    bad_states := bad_states || sqlstate;
                    bad_reasons := bad_reasons || sqlerrm;
                    step_from := step_from + 1;
                    if (step_from - first) % 64 = 0 then
                        step_size := 64;
                    end if;
                end if;
        end;
    end loop;
end
$$;

-- Stores what nd.replay_check found missing, one transaction per tenant, and counts it for the job in the same one. Rows that
-- Postgres refuses come back by ordinal, as do the erased: call again without those (nothing was stored when `erased` or
-- wants_hashes comes back). The job's part is moved by nd.advance_job afterwards: a crash in between stores nothing twice.
create procedure nd.replay_events(tenants uuid[], lo int[], hi int[],
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    staging boolean, oldest timestamptz, user_hashes bytea[], hash_key bytea, in_job bigint, in_runner text, in_part int,
    inout written bigint, inout table_digest numeric, inout bad_rows int[], inout bad_states text[], inout bad_reasons text[],
    inout erased int[], inout wants_hashes boolean)
language plpgsql as $$
declare
    setting text;
    one record;
    new_rows bigint;
    whole boolean;
begin
    perform nd.check_batch(tenants, lo, hi, row_tenants,
        array[array_dims(event_ids), array_dims(occurred), array_dims(received), array_dims(environments), array_dims(names),
              array_dims(session_ids), array_dims(user_ids), array_dims(pages), array_dims(documents)],
        array_position(row_tenants, null) is null and array_position(event_ids, null) is null
        and array_position(occurred, null) is null and array_position(received, null) is null
        and array_position(environments, null) is null and array_position(names, null) is null
        and array_position(documents, null) is null);
    written := 0;
    table_digest := 0;
    bad_rows := '{}';
    bad_states := '{}';
    bad_reasons := '{}';
    erased := '{}';
    wants_hashes := false;
    if nd.has_erasures(tenants, oldest) then
        wants_hashes := user_hashes is null;
        if not wants_hashes then
            erased := nd.erased_rows(row_tenants, user_hashes, received, hash_key);
        end if;
        if wants_hashes or cardinality(erased) > 0 then
            return;
        end if;
    end if;
    for k in 1 .. cardinality(tenants) loop
        setting := set_config('app.tenant_id', tenants[k]::text, true) || set_config('synchronous_commit', 'off', true);
        new_rows := 0;
        begin
            select * into one from nd.replay_rows(staging, lo[k], hi[k], row_tenants, event_ids, occurred, received, environments,
                names, session_ids, user_ids, pages, documents);
            new_rows := one.stored;
            table_digest := table_digest + one.digest;
            whole := true;
        exception
            when data_exception or integrity_constraint_violation or sqlstate '54000' then
                whole := false;
        end;
        if not whole then
            select * into one from nd.replay_slowly(staging, lo[k], hi[k], row_tenants, event_ids, occurred, received, environments,
                names, session_ids, user_ids, pages, documents);
            new_rows := one.stored;
            table_digest := table_digest + one.digest;
            bad_rows := bad_rows || one.bad_rows;
            bad_states := bad_states || one.bad_states;
            bad_reasons := bad_reasons || one.bad_reasons;
        end if;
        if new_rows > 0 then
            perform nd.hold_job(in_job, in_runner);
            update nd.job_parts p set written = p.written + new_rows where job_id = in_job and part = in_part;
            written := written + new_rows;
        end if;
        commit;
    end loop;
    -- Behind a pooler a server that has lost its last asynchronous commits takes the next statement, which moves the job, without a
    -- word: the rows are durable before the answer. A COMMIT that wrote nothing would flush nothing.
    if written > 0 then
        if current_setting('synchronous_commit') = 'off' then
            perform set_config('synchronous_commit', 'on', true);
        end if;
        update nd.job_parts p set written = p.written where job_id = in_job and part = in_part;
        commit;
    end if;
end
$$;

grant execute on function nd.identity_hash, nd.hold_job, nd.advance_job, nd.look_up, nd.replay_rows, nd.replay_slowly to nd_writer;
grant execute on procedure nd.replay_check, nd.replay_events to nd_writer;
