-- The page structures of each tenant, as the edge rebuilt them: each distinct one once, by its fingerprint.

create table nd.page_versions (
    tenant_id uuid not null,
    fingerprint bytea not null check (octet_length(fingerprint) = 32),
    page text not null,        -- the route
    structure jsonb not null,  -- the elements of the record
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    primary key (tenant_id, fingerprint)
);

alter table nd.page_versions enable row level security, force row level security;
create policy tenant on nd.page_versions
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select, insert, update (page, structure, last_seen) on nd.page_versions to nd_enricher;
grant select on nd.page_versions to nd_reader, nd_operator, nd_dashboard;
