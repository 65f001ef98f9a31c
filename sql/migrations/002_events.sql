-- The events, partitioned by the week in which they happened, and how far each Kafka partition has been stored.

-- No foreign key to nd.tenants: it would look the tenant up once per event, and a record's tenant comes from a resolved key.
create table nd.events (
    tenant_id uuid not null,
    event_id uuid not null,
    occurred_at timestamptz not null,
    received_at timestamptz not null,
    environment text not null check (environment in ('live', 'test')),
    name text not null,
    session_id text,
    user_id text,
    page text,
    properties jsonb not null,
    primary key (tenant_id, occurred_at, event_id)
) partition by range (occurred_at);

alter table nd.events enable row level security, force row level security;
create policy tenant on nd.events
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert on nd.events to nd_writer;
grant select on nd.events to nd_reader, nd_dashboard, nd_operator;

-- Each partition is reached through nd.events only: row-level security of the parent does not cover its children, so a child has
-- no grant, and no policy that would let anybody who got one read.
create table nd.events_default partition of nd.events default;
alter table nd.events_default enable row level security, force row level security;

-- The authority on where to read Kafka from: the last transaction of each batch writes it, so it is as true as the rows are.
create table nd.progress (
    cluster text not null,
    topic text not null,
    partition integer not null check (partition >= 0),
    next_offset bigint not null check (next_offset >= 0),
    updated_at timestamptz not null default now(),
    primary key (cluster, topic, partition)
);
grant select, insert, update (next_offset, updated_at) on nd.progress to nd_writer;
grant select on nd.progress to nd_operator;
