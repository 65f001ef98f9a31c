-- Tombstones of erased persons and tenants, which every way of inserting obeys: an event that arrived at or before the instant is not
-- stored again, wherever it comes from; later ones are. And the hot procedure, which keeps receipts and obeys tombstones.

create table nd.erasures (
    tenant_id uuid not null references nd.tenants,
    user_hash bytea not null,  -- HMAC of the user id; empty for the whole tenant
    hash_key bytea not null,   -- which secret it was made with
    erased_at timestamptz not null,
    primary key (tenant_id, user_hash)
);
create index erasures_erased_at on nd.erasures (erased_at);

alter table nd.erasures enable row level security, force row level security;
create policy tenant on nd.erasures
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
-- A batch is of many tenants, and is asked about once: by the functions below, which answer with numbers of its own rows only.
create policy obey on nd.erasures for select to nd_owner using (true);

grant select, insert, update (hash_key, erased_at) on nd.erasures to nd_operator;

-- Whether a tombstone could concern events of these tenants that arrived at `oldest` or later. For live batches no tombstone is that
-- young, so the answer costs one look into an index, once per CALL.
create function nd.has_erasures(tenants uuid[], oldest timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from nd.erasures where erased_at >= oldest and tenant_id = any (tenants))
$$;

-- One event.
create function nd.is_erased(in_tenant uuid, in_user_hash bytea, in_received timestamptz) returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
    select exists (select from nd.erasures where tenant_id = in_tenant and user_hash in ('', coalesce(in_user_hash, ''))
                   and erased_at >= in_received)
$$;

-- The places (from 1, ascending) of the rows that tombstones forbid.
create function nd.erased_rows(row_tenants uuid[], user_hashes bytea[], received timestamptz[], in_hash_key bytea) returns int[]
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if array_dims(user_hashes) is distinct from array_dims(row_tenants)
       or array_dims(received) is distinct from array_dims(row_tenants) then
        raise exception 'the batch does not add up: % rows, hashes of %', array_dims(row_tenants), array_dims(user_hashes)
            using errcode = 'ND001';
    end if;
    -- With another pepper no hash would ever match, and the erased would come back without a word.
    if exists (select from nd.erasures where tenant_id = any (row_tenants) and user_hash <> '' and hash_key <> in_hash_key) then
        raise exception 'persons were erased with another pepper than this program has: give it the same ND_KEY_PEPPER_FILE'
            using errcode = 'ND004';
    end if;
    return (select coalesce(array_agg(i order by i), '{}')
            from generate_series(1, cardinality(row_tenants)) i
            where exists (select from nd.erasures e
                          where e.tenant_id = row_tenants[i] and e.user_hash in ('', coalesce(user_hashes[i], ''))
                            and e.erased_at >= received[i]));
end
$$;

-- The next `most` rows of the tenant that is set, in primary key order from behind the given one: those that its tombstone forbids are
-- deleted. in_user null: the whole tenant. `kept` are of the same person, and arrived later. seen < most: it was the end.
-- Security definer, because no program's role may delete events; without a tombstone it deletes nothing.
create function nd.erase_rows(in_tenant uuid, in_user text, in_user_hash bytea, behind_at timestamptz, behind_id uuid, most int,
                              out seen bigint, out deleted bigint, out kept bigint, out last_at timestamptz, out last_id uuid)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    until timestamptz;
begin
    select erased_at into until from nd.erasures
    where tenant_id = in_tenant and user_hash = in_user_hash and (user_hash = '') = (in_user is null);
    if not found then
        raise exception 'there is no tombstone for this' using errcode = 'ND001';
    end if;
    with slice as materialized (
        select e.occurred_at, e.event_id, e.received_at, in_user is null or e.user_id is not distinct from in_user as meant
        from nd.events e
        where e.tenant_id = in_tenant and e.occurred_at >= behind_at and (e.occurred_at, e.event_id) > (behind_at, behind_id)
        order by e.occurred_at, e.event_id limit most
    ), gone as (
        delete from nd.events e using slice s
        where s.meant and s.received_at <= until
          and e.tenant_id = in_tenant and e.occurred_at = s.occurred_at and e.event_id = s.event_id
        returning 1
    )
    select count(*), (select count(*) from gone), count(*) filter (where s.meant and s.received_at > until),
           max(s.occurred_at), (array_agg(s.event_id order by s.occurred_at desc, s.event_id desc))[1]
    into seen, deleted, kept, last_at, last_id from slice s;
end
$$;

-- The same of what replays put beside the events to compare (010_jobs.sql), all at once: it is small, and often empty.
create function nd.erase_staging(in_tenant uuid, in_user text, in_user_hash bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone bigint;
begin
    delete from nd.events_staging s using nd.erasures e
    where e.tenant_id = in_tenant and e.user_hash = in_user_hash and (e.user_hash = '') = (in_user is null)
      and s.tenant_id = in_tenant and (in_user is null or s.user_id = in_user) and s.received_at <= e.erased_at;
    get diagnostics gone = row_count;
    return gone;
end
$$;

-- The receipts of what the tombstone forbids now say erased; how many rows of nd.receipts that were.
create function nd.erase_receipts(in_tenant uuid, in_user_hash bytea) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    marked bigint;
begin
    update nd.receipts r set erased = r.erased + r.stored + r.dead
    from nd.erasures e
    where e.tenant_id = in_tenant and e.user_hash = in_user_hash and r.tenant_id = in_tenant
      and (in_user_hash = '' or r.user_hash = in_user_hash) and r.received_at <= e.erased_at
      and not r.erased @> (r.stored + r.dead);
    get diagnostics marked = row_count;
    return marked;
end
$$;

-- Raises ND001 unless the receipts of the groups add up: each entry's row is one of its own group.
create function nd.check_receipts(lo int[], hi int[], receipt_lo int[], receipt_hi int[], receipt_rows int[], requests uuid[],
                                  places int[], user_hashes bytea[]) returns void language plpgsql as $$
begin
    if array_dims(receipt_lo) is distinct from array_dims(lo) or array_dims(receipt_hi) is distinct from array_dims(lo)
       or array_dims(requests) is distinct from array_dims(receipt_rows) or array_dims(places) is distinct from array_dims(receipt_rows)
       or array_dims(user_hashes) is distinct from array_dims(receipt_rows)
       or array_position(requests, null) is not null or array_position(places, null) is not null
       or array_position(user_hashes, null) is not null
       or exists (select from generate_series(1, cardinality(lo)) k, generate_series(receipt_lo[k], receipt_hi[k]) j
                  where receipt_lo[k] > 0 and coalesce(receipt_rows[j] not between lo[k] and hi[k], true)) then
        raise exception 'the receipts do not add up: % entries, of groups % to %', array_dims(receipt_rows), receipt_lo, receipt_hi
            using errcode = 'ND001';
    end if;
end
$$;

drop procedure nd.store_events;

-- See 003_store_events.sql. Beside it:
-- Receipts: group k has the entries receipt_lo[k]..receipt_hi[k], 0 or nothing when it has none; an entry names its row, whose tenant
-- and time are the entry's too. They are kept when the whole group is stored; a group with rows that Postgres refuses comes again.
-- Tombstones: nothing at all is stored when wants_hashes comes back (call again with user_hashes, one per row, and hash_key), or
-- erased_rows (call again without them). `oldest` is the earliest of `received`. ndctl erase waits for every CALL that began before its
-- tombstone, so asking once, at the start, is enough.
-- ND004: see nd.erased_rows.
create procedure nd.store_events(
    tenants uuid[], lo int[], hi int[],
    row_tenants uuid[], event_ids uuid[], occurred timestamptz[], received timestamptz[], environments text[], names text[],
    session_ids text[], user_ids text[], pages text[], documents text[],
    in_cluster text, in_topic text, partitions int[], expected bigint[], next_offsets bigint[],
    oldest timestamptz, user_hashes bytea[], hash_key bytea,
    receipt_lo int[], receipt_hi int[], receipt_rows int[], receipt_requests uuid[], receipt_places int[], receipt_users bytea[],
    inout inserted bigint, inout duplicates bigint, inout conflicts bigint,
    inout bad_rows int[], inout bad_states text[], inout bad_reasons text[],
    inout wants_hashes boolean, inout erased_rows int[])
language plpgsql as $$
declare
    violations int := 0;  -- a batch that is there comes whole: after three groups that were, the cheap attempt is skipped
    setting text;
    refused int := 0;     -- the last group with rows that Postgres refuses
    rows_taken bigint;    -- null: the cheap attempt was not made, or not good enough
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
    wants_hashes := false;
    erased_rows := '{}';

    if cardinality(receipt_rows) > 0 then
        perform nd.check_receipts(lo, hi, receipt_lo, receipt_hi, receipt_rows, receipt_requests, receipt_places, receipt_users);
    end if;
    if nd.has_erasures(tenants, coalesce(oldest, '-infinity')) then
        wants_hashes := user_hashes is null;
        if not wants_hashes then
            erased_rows := nd.erased_rows(row_tenants, user_hashes, received, hash_key);
        end if;
        if wants_hashes or cardinality(erased_rows) > 0 then
            return;
        end if;
    end if;

    for k in 1 .. cardinality(tenants) loop
        -- An assignment, not PERFORM: a plain expression needs no executor. Even so each expression that a tenant meets counts: COMMIT
        -- throws away what was made ready for it.
        setting := set_config('app.tenant_id', tenants[k]::text, true) || set_config('synchronous_commit', 'off', true);
        if violations < 3 then
            begin
                insert into nd.events (tenant_id, event_id, occurred_at, received_at, environment, name, session_id, user_id, page,
                                       properties)
                select row_tenants[i], event_ids[i], occurred[i], received[i], environments[i]::nd.environment, names[i],
                       session_ids[i], user_ids[i], pages[i], documents[i]::jsonb
                from (select generate_series(lo[k], hi[k]) i) q;
                get diagnostics rows_taken = row_count;
            exception
                when unique_violation then
                    violations := violations + 1;
                    rows_taken := null;
                when data_exception or integrity_constraint_violation or sqlstate '54000' then
                    rows_taken := null;  -- which rows, the slow way finds out
                when others then
                    raise exception using errcode = sqlstate, message = format('tenant %s: %s', tenants[k], sqlerrm);
            end;
        else
            rows_taken := null;
        end if;
        if rows_taken is null then
            select * into slow from nd.store_slowly(tenants[k], lo[k], hi[k], row_tenants, event_ids, occurred, received,
                environments, names, session_ids, user_ids, pages, documents);
            inserted := inserted + slow.stored;
            conflicts := conflicts + slow.differing;
            duplicates := duplicates + (hi[k] - lo[k] + 1) - slow.stored - slow.differing - cardinality(slow.bad_rows);
            if cardinality(slow.bad_rows) > 0 then
                refused := k;
                bad_rows := bad_rows || slow.bad_rows;
                bad_states := bad_states || slow.bad_states;
                bad_reasons := bad_reasons || slow.bad_reasons;
            end if;
        -- A trigger or a rule may turn an INSERT into nothing without an error; the rows would count as stored.
        elsif rows_taken <> hi[k] - lo[k] + 1 then
            raise exception 'tenant %: of % rows % were stored: something in the database swallows rows', tenants[k],
                hi[k] - lo[k] + 1, rows_taken using errcode = 'ND001';
        else
            inserted := inserted + rows_taken;
        end if;
        if receipt_lo[k] > 0 and k <> refused then
            insert into nd.receipts as r (tenant_id, request_id, user_hash, received_at, stored)
            select row_tenants[receipt_rows[j]], receipt_requests[j], receipt_users[j], received[receipt_rows[j]],
                   range_agg(int4range(receipt_places[j], receipt_places[j] + 1))
            from generate_series(receipt_lo[k], receipt_hi[k]) j
            group by 1, 2, 3, 4 order by 1, 2, 3, 4
            on conflict (tenant_id, request_id, user_hash, received_at) do update set stored = r.stored + excluded.stored;
        end if;
        commit;
    end loop;

    if cardinality(bad_rows) = 0 then
        perform nd.write_progress(in_cluster, in_topic, partitions, expected, next_offsets);
    end if;
end
$$;

grant execute on function nd.check_receipts, nd.has_erasures, nd.is_erased, nd.erased_rows to nd_writer;
grant execute on procedure nd.store_events to nd_writer;
grant execute on function nd.erase_rows, nd.erase_staging, nd.erase_receipts to nd_operator;
