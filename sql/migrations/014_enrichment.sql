-- What nd-enricher does about page structures: who has met a text, what the model was asked and said, and what that cost. A version of a
-- page (013) is all that the edge let through; asked about is the structure that the model may see, nd.page_versions.model_fingerprint.
-- Many versions can look the same to the model, which is asked once.

alter table nd.page_versions add column title text not null default '', add column model_fingerprint bytea;
create index page_versions_route on nd.page_versions (tenant_id, page, last_seen desc);
create index page_versions_model on nd.page_versions (tenant_id, model_fingerprint, last_seen desc);
grant insert (title, model_fingerprint), update (title, model_fingerprint) on nd.page_versions to nd_enricher;

-- The sessions that have met a text (its key is a keyed hash), as the first bytes of their own hashes; no more than any tenant asks for.
create table nd.page_texts (
    tenant_id uuid not null,
    text_key bytea not null check (octet_length(text_key) = 32),
    sessions bytea[] not null check (cardinality(sessions) <= 20),
    seen_on date not null default current_date,  -- written once a day, however often the text is loaded
    primary key (tenant_id, text_key)
);

-- What a tenant has of its own; one without a row has the defaults. Money is in billionths of a dollar everywhere.
create table nd.enrich_settings (
    tenant_id uuid primary key,
    min_sessions integer not null default 2 check (min_sessions between 1 and 20),
    month_nano bigint check (month_nano >= 0)  -- null: nd-enricher's default
);

-- What the model was or will be asked about. `version` is that of the question (model/enrich_texts.hpp).
create table nd.page_structures (
    tenant_id uuid not null,
    model_fingerprint bytea not null check (octet_length(model_fingerprint) = 32),
    page text not null, version integer not null,
    made_at timestamptz not null default now(),
    notes jsonb, model text, enriched_at timestamptz,  -- null: not enriched yet
    primary key (tenant_id, model_fingerprint)
);
create index page_structures_route on nd.page_structures (tenant_id, page, enriched_at desc) where notes is not null;

-- One job for each structure, whichever way it goes. `next_try`: when it is due; while it is being sent, when its lease ends.
create table nd.page_jobs (
    tenant_id uuid not null,
    model_fingerprint bytea not null,
    job_id bigint generated always as identity,
    way text not null default 'fresh' check (way in ('fresh', 'batch')),
    state text not null default 'queued' check (state in ('queued', 'sending', 'batched', 'done', 'parked')),
    attempts integer not null default 0,      -- answers that were of no use, and faults of the service
    smaller boolean not null default false,   -- the next request is a smaller one
    resent integer not null default 0,        -- how often a crash between sending and answer made it go again
    next_try timestamptz not null default now(),
    call_id uuid, reason text not null default '',
    made_at timestamptz not null default now(), changed_at timestamptz not null default now(),
    primary key (tenant_id, model_fingerprint),
    foreign key (tenant_id, model_fingerprint) references nd.page_structures on delete cascade
);
create index page_jobs_due on nd.page_jobs (way, tenant_id, next_try) where state in ('queued', 'sending');
create index page_jobs_call on nd.page_jobs (tenant_id, call_id) where call_id is not null;

-- The ledger: a row for each request, from before it is sent. `open`: on its way, with what it may cost at most; `confirmed`: what it
-- cost; `unconfirmed`: nobody knows whether it was worked on, so that the most is booked; `void`: it cost nothing.
create table nd.model_calls (
    tenant_id uuid not null,
    call_id uuid not null,
    way text not null check (way in ('fresh', 'batch')), batch_ref uuid,
    state text not null default 'open' check (state in ('open', 'confirmed', 'unconfirmed', 'void')),
    model text not null, pages integer not null, resends boolean not null default false, month date not null,
    opened_at timestamptz not null default now(), closed_at timestamptz,
    input_tokens bigint not null, cached_tokens bigint not null default 0, output_tokens bigint not null, nano bigint not null,
    request_id text not null default '', outcome text not null default '',
    asked jsonb,  -- of a batch, until its answer is there
    primary key (tenant_id, call_id),
    check (least(input_tokens, cached_tokens, output_tokens, nano) >= 0)
);
create index model_calls_batch on nd.model_calls (tenant_id, batch_ref) where batch_ref is not null;
create index model_calls_month on nd.model_calls (tenant_id, month);

-- A tenant's batch at the service. `submitting` is written before the batch is created there: whoever finds it later looks for the
-- batch by its metadata, and creates it only where there is none.
create table nd.page_batches (
    tenant_id uuid not null,
    batch_ref uuid not null,
    state text not null default 'preparing' check (state in ('preparing', 'submitting', 'submitted', 'done', 'failed')),
    input_file_id text not null default '', batch_id text not null default '',
    cancel boolean not null default false,  -- an operator wants it to end
    next_try timestamptz not null,
    tried_at timestamptz not null default now(), made_at timestamptz not null default now(),
    ended_at timestamptz, outcome text not null default '',
    primary key (tenant_id, batch_ref)
);
create index page_batches_due on nd.page_batches (tenant_id, next_try) where state in ('preparing', 'submitting', 'submitted');

-- What a month has booked: the sums of the ledger, kept so that a budget is one look.
create table nd.tenant_spend (tenant_id uuid not null, month date not null, nano bigint not null default 0,
                              primary key (tenant_id, month));
create table nd.model_spend (month date primary key, nano bigint not null default 0);

-- One row. What stops every call until an operator has acted: money, quota, the key, the model's name.
create table nd.model_halt (only_row boolean primary key default true check (only_row), halted_at timestamptz,
                            reason text not null default '');
insert into nd.model_halt default values;

do $$
declare
    held text;
begin
    foreach held in array array['page_texts', 'enrich_settings', 'page_structures', 'page_jobs', 'model_calls', 'page_batches',
                                'tenant_spend'] loop
        execute format('alter table nd.%I enable row level security, force row level security', held);
        execute format('create policy tenant on nd.%I '
                       'using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid)) '
                       'with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))', held);
        execute format('grant select on nd.%I to nd_enricher, nd_operator', held);
    end loop;
end
$$;
-- The functions below only tell whose turn it may be.
create policy due on nd.page_jobs for select to nd_owner using (true);
create policy due on nd.page_batches for select to nd_owner using (true);

grant insert, update (sessions, seen_on) on nd.page_texts to nd_enricher;
grant insert, update (page, version, notes, model, enriched_at), delete on nd.page_structures to nd_enricher;
grant insert, update (way, state, attempts, smaller, resent, next_try, call_id, reason, changed_at) on nd.page_jobs to nd_enricher;
grant insert, update (state, closed_at, input_tokens, cached_tokens, output_tokens, nano, request_id, outcome, asked)
    on nd.model_calls to nd_enricher;
grant insert, update (state, input_file_id, batch_id, next_try, tried_at, ended_at, outcome) on nd.page_batches to nd_enricher;
grant insert, update (nano) on nd.tenant_spend, nd.model_spend to nd_enricher;
grant select on nd.model_spend, nd.model_halt to nd_enricher, nd_operator;
grant update (halted_at, reason) on nd.model_halt to nd_enricher, nd_operator;
grant insert, update (min_sessions, month_nano) on nd.enrich_settings to nd_operator;
grant update (way, state, attempts, smaller, resent, next_try, reason, changed_at) on nd.page_jobs to nd_operator;
grant update (cancel) on nd.page_batches to nd_operator;
grant select on nd.page_structures to nd_reader, nd_dashboard;

-- The tenants that have something to do: ids, nothing else. Found by hopping through the index from tenant to tenant.
create function nd.tenants_with_jobs(in_way text) returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    with recursive hop as (
        (select tenant_id from nd.page_jobs where way = in_way and state in ('queued', 'sending') order by tenant_id limit 1)
        union all
        select (select j.tenant_id from nd.page_jobs j
                where j.way = in_way and j.state in ('queued', 'sending') and j.tenant_id > hop.tenant_id order by j.tenant_id limit 1)
        from hop where hop.tenant_id is not null)
    select h.tenant_id from hop h where h.tenant_id is not null
        and exists (select from nd.page_jobs d where d.way = in_way and d.tenant_id = h.tenant_id and d.state in ('queued', 'sending')
                    and d.next_try <= now())
$$;
create function nd.tenants_with_batches() returns setof uuid
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select distinct tenant_id from nd.page_batches where state in ('preparing', 'submitting', 'submitted') and next_try <= now()
$$;

-- All that follows works in the context of one tenant, as whoever calls it. take_page stores one load of a page and counts its session
-- for the page's texts (only what changes is written); it answers, text by text, whether enough sessions have met it.
create function nd.take_page(tenant uuid, fp bytea, in_page text, in_title text, in_structure jsonb, session bytea, keys bytea[])
returns boolean[] language plpgsql as $$
declare
    met bytea[] := case when session is null then '{}' else array[session] end;
begin
    insert into nd.page_versions as v (tenant_id, fingerprint, page, structure, first_seen, last_seen, title)
    values (tenant, fp, in_page, in_structure, now(), now(), in_title)
    on conflict (tenant_id, fingerprint) do update set last_seen = now() where v.last_seen < now() - interval '10 seconds';
    insert into nd.page_texts as t (tenant_id, text_key, sessions)
    select tenant, k.key, met
    from (select distinct unnest(keys) as key) k left join nd.page_texts o on o.tenant_id = tenant and o.text_key = k.key
    where o.text_key is null or o.seen_on < current_date
       or (session is not null and cardinality(o.sessions) < 20 and not session = any (o.sessions))
    order by k.key
    on conflict (tenant_id, text_key) do update
        set sessions = case when cardinality(t.sessions) >= 20 or t.sessions @> excluded.sessions then t.sessions
                            else t.sessions || excluded.sessions end,
            seen_on = current_date
        where t.seen_on < current_date or (cardinality(t.sessions) < 20 and not t.sessions @> excluded.sessions);
    return nd.seen_texts(tenant, keys);
end
$$;

create function nd.seen_texts(tenant uuid, keys bytea[]) returns boolean[] language sql stable as $$
    with enough as (select coalesce((select s.min_sessions from nd.enrich_settings s where s.tenant_id = tenant), 2) as n)
    select coalesce(array_agg(t.text_key is not null and (e.n <= 1 or cardinality(t.sessions) >= e.n) order by k.place), '{}')
    from unnest(keys) with ordinality k(key, place) cross join enough e
    left join nd.page_texts t on t.tenant_id = tenant and t.text_key = k.key
$$;

-- What the model may see of a version now; asked about if nobody has asked yet. Null: too little of it may be seen. True: a new job.
create function nd.want_structure(tenant uuid, fp bytea, model_fp bytea, in_page text, in_version int, linger_ms int)
returns boolean language plpgsql as $$
begin
    update nd.page_versions set model_fingerprint = model_fp
    where tenant_id = tenant and fingerprint = fp and model_fingerprint is distinct from model_fp;
    if model_fp is null then return false; end if;
    insert into nd.page_structures as s (tenant_id, model_fingerprint, page, version) values (tenant, model_fp, in_page, in_version)
    on conflict (tenant_id, model_fingerprint) do update set version = excluded.version where s.version < excluded.version;
    if not found then return false; end if;
    insert into nd.page_jobs as j (tenant_id, model_fingerprint, next_try)
    values (tenant, model_fp, now() + make_interval(secs => linger_ms / 1000.0))
    on conflict (tenant_id, model_fingerprint) do update
        set state = 'queued', attempts = 0, smaller = false, resent = 0, reason = '', next_try = excluded.next_try, changed_at = now()
        where j.state in ('done', 'parked');
    return true;
end
$$;

-- Calls whose holder is gone: their jobs go again, their tokens stay booked. A job that was lost five times is parked.
create function nd.recover_calls(tenant uuid) returns bigint language plpgsql as $$
declare
    lost uuid[];
begin
    select array_agg(j.call_id) into lost
    from (select call_id from nd.page_jobs where tenant_id = tenant and state = 'sending' and next_try <= now()
          order by model_fingerprint for update skip locked) j;
    if lost is null then return 0; end if;
    update nd.model_calls set state = 'unconfirmed', outcome = 'lost: the process ended before the answer', closed_at = now()
    where tenant_id = tenant and call_id = any (lost) and state = 'open';
    update nd.page_jobs
    set state = case when resent >= 5 then 'parked' else 'queued' end, resent = resent + 1, call_id = null, next_try = now(),
        changed_at = now(), reason = 'lost: the process ended before the answer'
    where tenant_id = tenant and call_id = any (lost) and state = 'sending';
    return cardinality(lost);
end
$$;

-- Books what a request may cost at most and takes its jobs. 'open', or which budget has too little left: then nothing has changed.
create function nd.open_call(tenant uuid, in_call uuid, in_way text, in_batch uuid, in_model text, fps bytea[], in_input bigint,
                             in_output bigint, in_nano bigint, default_month_nano bigint, total_month_nano bigint, lease_s int,
                             in_asked jsonb) returns text language plpgsql as $$
declare
    this_month date := date_trunc('month', now() at time zone 'UTC')::date;
    budget bigint := coalesce((select s.month_nano from nd.enrich_settings s where s.tenant_id = tenant), default_month_nano);
    taken bigint;
begin
    insert into nd.tenant_spend (tenant_id, month) values (tenant, this_month) on conflict do nothing;
    update nd.tenant_spend set nano = nano + in_nano
    where tenant_id = tenant and month = this_month and (budget is null or nano + in_nano <= budget);
    if not found then return 'tenant_budget'; end if;
    insert into nd.model_spend (month) values (this_month) on conflict do nothing;
    update nd.model_spend set nano = nano + in_nano
    where month = this_month and (total_month_nano is null or nano + in_nano <= total_month_nano);
    if not found then
        update nd.tenant_spend set nano = nano - in_nano where tenant_id = tenant and month = this_month;
        return 'total_budget';
    end if;
    insert into nd.model_calls (tenant_id, call_id, way, batch_ref, model, pages, month, input_tokens, output_tokens, nano, asked, resends)
    values (tenant, in_call, in_way, in_batch, in_model, cardinality(fps), this_month, in_input, in_output, in_nano, in_asked,
            exists (select from nd.page_jobs where tenant_id = tenant and model_fingerprint = any (fps) and resent > 0));
    update nd.page_jobs
    set state = case in_way when 'batch' then 'batched' else 'sending' end, way = in_way, call_id = in_call, changed_at = now(),
        next_try = now() + make_interval(secs => lease_s)
    where tenant_id = tenant and model_fingerprint = any (fps) and state = 'queued';
    get diagnostics taken = row_count;
    if taken <> cardinality(fps) then
        raise exception 'a call of % pages found % jobs', cardinality(fps), taken using errcode = 'ND001';
    end if;
    return 'open';
end
$$;

-- Books what became of a call, once: the budgets move by the difference. An answer that comes after its call was given up for lost
-- still confirms it. False: it was closed before.
create function nd.close_call(tenant uuid, in_call uuid, in_state text, in_input bigint, in_cached bigint, in_output bigint, in_nano bigint,
                              in_request text, in_outcome text) returns boolean language plpgsql as $$
declare
    was nd.model_calls;
    costs bigint;
begin
    select * into was from nd.model_calls where tenant_id = tenant and call_id = in_call for update;
    if not found or was.state in ('confirmed', 'void') or (was.state = 'unconfirmed' and in_state <> 'confirmed') then return false; end if;
    costs := case in_state when 'confirmed' then in_nano when 'void' then 0 else was.nano end;
    update nd.model_calls
    set state = in_state, nano = costs, closed_at = now(), request_id = in_request, outcome = in_outcome, asked = null,
        input_tokens = case in_state when 'confirmed' then in_input when 'void' then 0 else input_tokens end,
        cached_tokens = case in_state when 'confirmed' then in_cached else 0 end,
        output_tokens = case in_state when 'confirmed' then in_output when 'void' then 0 else output_tokens end
    where tenant_id = tenant and call_id = in_call;
    if costs <> was.nano then
        update nd.tenant_spend set nano = nano + costs - was.nano where tenant_id = tenant and month = was.month;
        update nd.model_spend set nano = nano + costs - was.nano where month = was.month;
    end if;
    return true;
end
$$;

-- The end of a job's call, if the job is still that call's: nothing is applied twice. `done` has notes, everything else a reason.
create function nd.end_job(tenant uuid, in_call uuid, fp bytea, in_state text, in_notes jsonb, in_model text, in_way text,
                           in_smaller boolean, tried int, wait_ms bigint, in_reason text) returns boolean language plpgsql as $$
begin
    update nd.page_jobs
    set state = in_state, way = in_way, call_id = null, smaller = in_smaller, attempts = attempts + tried, reason = in_reason,
        changed_at = now(), next_try = now() + make_interval(secs => wait_ms / 1000.0)
    where tenant_id = tenant and model_fingerprint = fp and call_id = in_call and state in ('sending', 'batched');
    if not found then return false; end if;
    if in_state = 'done' then
        update nd.page_structures set notes = in_notes, model = in_model, enriched_at = now()
        where tenant_id = tenant and model_fingerprint = fp;
    end if;
    return true;
end
$$;

grant execute on function nd.tenants_with_jobs, nd.tenants_with_batches, nd.take_page, nd.seen_texts,
    nd.want_structure, nd.recover_calls, nd.open_call, nd.close_call, nd.end_job to nd_enricher;
