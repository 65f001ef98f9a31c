-- What became of the events of a request that asked for a receipt (POST /v1/events?receipt=1): the places of its accepted events
-- (0, 1, ... in the order of the request) by state, as sets. A set takes the same place twice without a change, so a record that is
-- read again changes nothing, and a request costs one row and not one per event. An answer counts erased before stored before dead;
-- what is in none is pending.
--
-- One row per person and time of arrival as well: an erasure is of one person up to one instant, and marks whole rows.

create table nd.receipts (
    tenant_id uuid not null,
    request_id uuid not null,
    user_hash bytea not null,  -- HMAC of the user id; empty without one
    received_at timestamptz not null,
    stored int4multirange not null default '{}',
    dead int4multirange not null default '{}',
    erased int4multirange not null default '{}',
    primary key (tenant_id, request_id, user_hash, received_at)
);

alter table nd.receipts enable row level security, force row level security;
create policy tenant on nd.receipts
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
-- `ndctl receipt prune`: a receipt is answered for 90 days; nothing younger than 100 can be deleted this way.
create policy expired on nd.receipts for select to nd_owner using (received_at < now() - interval '100 days');
create policy expire on nd.receipts for delete to nd_owner using (received_at < now() - interval '100 days');

grant select, insert, update (stored, dead, erased) on nd.receipts to nd_writer;
grant select on nd.receipts to nd_reader, nd_operator, nd_dashboard;

-- Adds places in one state (stored, dead or erased) to the receipts of the tenant that is set: what the hot path does by itself for
-- stored ones. Called by the writer for dead and skipped events, and by whatever else brings events in.
create function nd.note_receipts(in_state text, tenants uuid[], requests uuid[], places int[], user_hashes bytea[],
                                 received timestamptz[]) returns void language plpgsql as $$
begin
    if in_state not in ('stored', 'dead', 'erased') then
        raise exception 'no state of an event: %', in_state using errcode = 'ND001';
    end if;
    insert into nd.receipts as r (tenant_id, request_id, user_hash, received_at, stored, dead, erased)
    select q.tenant, q.request, q.user_hash, q.received_at,
           case when in_state = 'stored' then q.places else '{}' end,
           case when in_state = 'dead' then q.places else '{}' end,
           case when in_state = 'erased' then q.places else '{}' end
    from (select u.tenant, u.request, u.user_hash, u.received_at, range_agg(int4range(u.place, u.place + 1)) as places
          from unnest(tenants, requests, places, user_hashes, received) u(tenant, request, place, user_hash, received_at)
          group by 1, 2, 3, 4 order by 1, 2, 3, 4) q
    on conflict (tenant_id, request_id, user_hash, received_at)
        do update set stored = r.stored + excluded.stored, dead = r.dead + excluded.dead, erased = r.erased + excluded.erased;
end
$$;
grant execute on function nd.note_receipts to nd_writer;
