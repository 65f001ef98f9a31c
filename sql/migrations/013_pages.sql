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

-- The progress of pages and of nothing else: it never goes back.
create function nd.advance_pages(in_cluster text, in_partition int, next bigint) returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
    insert into nd.progress as p (cluster, topic, partition, next_offset) values (in_cluster, 'nd.pages.v1', in_partition, next)
    on conflict (cluster, topic, partition) do update set next_offset = greatest(p.next_offset, excluded.next_offset), updated_at = now()
$$;

grant select on nd.progress to nd_enricher;
grant execute on function nd.advance_pages to nd_enricher;
