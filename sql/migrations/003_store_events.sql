-- The hot path: one CALL stores a batch, one transaction per tenant. The writer calls it outside a transaction.
--
-- Group k is tenant tenants[k] and owns rows lo[k]..hi[k]. Every row brings its own tenant from its own record: the policy's WITH
-- CHECK compares it with the group's, and they come from two places, so a row in the wrong group is refused (42501), not stored.
-- The rows of a group come in primary key order, so that two writers of the same rows do not deadlock.
--
-- Errors: ND001 the batch does not add up; ND002 the database knows less than the caller has seen stored (a restored copy): read
-- nd.progress again. Any other error names the tenant; the groups before it are stored, and sending the batch again is safe.
-- Rows whose values Postgres refuses (22, 23, 54000) are no error: they come back by ordinal, everything else is stored, and the
-- progress stays. The caller puts them somewhere else and sends the rest of the batch again: rows and progress become durable in the
-- same breath, or a crash or a failover in between would leave a progress past rows that the database does not have.

-- Raises ND001 and says what is wrong unless tenants, groups, rows and columns add up. `dims` are the columns' array_dims.
create function nd.check_batch(tenants uuid[], lo int[], hi int[], row_tenants uuid[], dims text[], no_null boolean)
returns void language plpgsql as $$
declare
    groups int := cardinality(tenants);
    total int := cardinality(row_tenants);
begin
    if groups is null or total is null
       or array_dims(tenants) <> format('[1:%s]', groups) or array_dims(row_tenants) <> format('[1:%s]', total)
       or array_dims(lo) is distinct from array_dims(tenants) or array_dims(hi) is distinct from array_dims(tenants) then
        raise exception 'the batch does not add up: % tenants, first rows %, last rows %', groups, array_dims(lo), array_dims(hi)
            using errcode = 'ND001';
    end if;
    if cardinality(array_positions(dims, array_dims(row_tenants))) <> cardinality(dims) then
        raise exception 'the batch does not add up: % rows, but columns of %', total, dims using errcode = 'ND001';
    end if;
    if not no_null then
        raise exception 'the batch does not add up: NULL where a value must be' using errcode = 'ND001';
    end if;
    if (select count(distinct t) from unnest(tenants) t) <> groups then
        raise exception 'the batch does not add up: a tenant twice, or NULL' using errcode = 'ND001';
    end if;
    -- The groups follow each other without a gap or an overlap, none is empty, and the last ends with the last row.
    if exists (select from generate_series(1, groups) k
               where lo[k] is distinct from case when k = 1 then 1 else hi[k - 1] + 1 end or coalesce(hi[k] < lo[k], true))
       or coalesce(hi[groups], 0) <> total then
        raise exception 'the batch does not add up: the groups do not cover its % rows exactly once', total using errcode = 'ND001';
    end if;
end
$$;

-- Raises ND002 when a partition's progress is below what the caller has seen stored before, ND001 when the arrays do not add up.
create function nd.check_progress(in_cluster text, in_topic text, partitions int[], expected bigint[], next_offsets bigint[])
returns void language plpgsql as $$
declare
    behind int;
begin
    if coalesce(cardinality(partitions), 0) = 0 or array_dims(expected) is distinct from array_dims(partitions)
       or array_dims(next_offsets) is distinct from array_dims(partitions)
       or array_position(expected, null) is not null or array_position(next_offsets, null) is not null
       or (select count(distinct p) from unnest(partitions) p) <> cardinality(partitions) then
        raise exception 'the progress does not add up: partitions %, expected %, next %', partitions, expected, next_offsets
            using errcode = 'ND001';
    end if;
    select w.partition into behind
    from unnest(partitions, expected) w(partition, expected)
    left join nd.progress p on p.cluster = in_cluster and p.topic = in_topic and p.partition = w.partition
    where coalesce(p.next_offset, 0) < w.expected limit 1;
    if found then
        raise exception 'partition % of % was stored further than this database knows', behind, in_topic using errcode = 'ND002';
    end if;
end
$$;

-- Records how far each partition is stored, never lower, and durably with everything before it. It always writes its rows, even
-- when nothing moves: a COMMIT that wrote nothing flushes nothing, and the asynchronous commits before it would not be durable.
create function nd.write_progress(in_cluster text, in_topic text, partitions int[], expected bigint[], next_offsets bigint[])
returns bigint language plpgsql as $$
declare
    written bigint;
begin
    perform nd.check_progress(in_cluster, in_topic, partitions, expected, next_offsets);
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;
    insert into nd.progress as p (cluster, topic, partition, next_offset)
    select in_cluster, in_topic, w.partition, w.next_offset
    from unnest(partitions, next_offsets) w(partition, next_offset) order by w.partition
    on conflict (cluster, topic, partition)
        do update set next_offset = greatest(p.next_offset, excluded.next_offset), updated_at = now();
    get diagnostics written = row_count;
    return written;
end
$$;

-- Rows first..last where some may be there already: what was new, and how many were there with another payload (the first one
-- stays). The bounds of the times let the planner's partition pruning skip the partitions that cannot hold them.
create function nd.store_new(first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[], out stored bigint, out differing bigint)
language plpgsql as $$
declare
    earliest timestamptz;
    latest timestamptz;
    found_rows bigint;
begin
    insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page, properties)
    select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i], names[i], session_ids[i], user_ids[i], pages[i],
           documents[i]::jsonb
    from (select generate_series(first, last) i) q
    on conflict do nothing;
    get diagnostics stored = row_count;
    differing := 0;
    if stored = last - first + 1 then
        return;
    end if;
    select min(occurred[i]), max(occurred[i]) into earliest, latest from generate_series(first, last) i;
    select count(*), count(*) filter (where (e.environment, e.name, e.session_id, e.user_id, e.page, e.properties)
        is distinct from (environments[i], names[i], session_ids[i], user_ids[i], pages[i], documents[i]::jsonb))
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

-- A group that the plain INSERT did not take: as a whole if only keys are in the way, otherwise row by row, so that each row that
-- cannot be stored is named and none of the others is lost.
create function nd.store_slowly(tenant uuid, first int, last int,
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    out stored bigint, out differing bigint, out bad_rows int[], out bad_states text[], out bad_reasons text[])
language plpgsql as $$
declare
    one record;
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
            null;  -- row by row, below
    end;
    stored := 0;
    differing := 0;
    for i in first .. last loop
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
exception
    when others then
        raise exception using errcode = sqlstate, message = format('tenant %s: %s', tenant, sqlerrm);
end
$$;

-- No SET clause and no SECURITY DEFINER: either makes COMMIT fail (2D000), as COMMIT inside a block with EXCEPTION does. The caller's
-- role has plan_cache_mode = force_generic_plan (roles.sql); without it the same work costs five times as much.
create procedure nd.store_events(
    tenants uuid[], lo int[], hi int[],
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    in_cluster text, in_topic text, partitions int[], expected bigint[], next_offsets bigint[],
    inout inserted bigint, inout duplicates bigint, inout conflicts bigint,
    inout bad_rows int[], inout bad_states text[], inout bad_reasons text[])
language plpgsql as $$
declare
    violations int := 0;  -- a batch that is there comes whole: after three groups that were, the cheap attempt is skipped
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
        perform set_config('app.tenant_id', tenants[k]::text, true), set_config('synchronous_commit', 'off', true);
        taken := false;
        if violations < 3 then
            begin
                insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                       properties)
                select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i], names[i], session_ids[i],
                       user_ids[i], pages[i], documents[i]::jsonb
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

grant execute on function nd.check_batch, nd.check_progress, nd.write_progress, nd.store_new, nd.store_slowly to nd_writer;
grant execute on procedure nd.store_events to nd_writer;
