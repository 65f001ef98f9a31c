-- Weekly partitions of nd.events, made ahead by `ndctl partitions` as nd_owner. A week begins on Monday 00:00 UTC and is named by its
-- ISO number: nd.events_2026w45. Only the owner may call these.

create function nd.events_week_start(week date) returns timestamptz language sql stable as $$
    select date_trunc('week', week::timestamp) at time zone 'UTC'
$$;

-- The weeks that have their partition.
create function nd.events_weeks() returns setof date language sql stable as $$
    select to_date(substr(c.relname, 8), 'IYYY"w"IW')
    from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'nd.events'::pg_catalog.regclass and c.relname ~ '^events_[0-9]{4}w[0-9]{2}$'
    order by 1
$$;

-- Whose rows the default partition caught, and of which weeks. Under FORCE even the owner sees no row without a tenant, and asking
-- every tenant takes minutes when there are many: FORCE is lifted for the one question and put back before anybody else can reach
-- the table, which stays locked until the transaction ends.
create function nd.events_caught() returns table (tenant uuid, week date) language plpgsql as $$
begin
    lock table nd.events_default in access exclusive mode;
    if pg_relation_size('nd.events_default') = 0 then
        return;
    end if;
    alter table nd.events_default no force row level security;
    return query select distinct e.tenant_id, date_trunc('week', e.occurred_at at time zone 'UTC')::date from nd.events_default e;
    alter table nd.events_default force row level security;
end
$$;

create function nd.events_weeks_caught() returns setof date language sql as $$
    select distinct week from nd.events_caught() order by 1
$$;

-- Makes the partition of the week that holds the day, moves what the default partition caught of it, tenant by tenant through the
-- policies, and attaches it. Answers the number of rows moved, NULL when the partition was there. Safe while the writer inserts: it
-- waits for the transactions that hold the default partition, later ones wait for it; the other partitions are not touched.
create function nd.make_events_partition(day date) returns bigint language plpgsql as $$
declare
    monday date := date_trunc('week', day::timestamp)::date;
    lower timestamptz := nd.events_week_start(monday);
    upper timestamptz := nd.events_week_start(monday + 7);
    partition text := to_char(monday, '"events_"IYYY"w"IW');
    caught uuid;
    moved bigint;
    total bigint := 0;
begin
    lock table nd.events in share update exclusive mode;
    if to_regclass(format('nd.%I', partition)) is not null then
        return null;
    end if;
    execute format('create table nd.%I (like nd.events including all)', partition);
    for caught in select c.tenant from nd.events_caught() c where c.week = monday loop
        perform set_config('app.tenant_id', caught::text, true);
        execute format('with moved as (delete from nd.events where tenant_id = $1 and occurred_at >= $2 and occurred_at < $3 '
                       'returning *) insert into nd.%I select * from moved', partition) using caught, lower, upper;
        get diagnostics moved = row_count;
        total := total + moved;
    end loop;
    perform set_config('app.tenant_id', '', true);
    -- No policy and no grant: see nd.events_default.
    execute format('alter table nd.%I enable row level security, force row level security', partition);
    execute format('alter table nd.events attach partition nd.%I for values from (%L) to (%L)', partition, lower, upper);
    return total;
end
$$;
