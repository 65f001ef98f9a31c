-- ndctl audit: how many events of each tenant arrived between two moments, and a digest of their identities, to be held against the
-- same sums over Kafka's records.

do $$
begin
    if not exists (select from pg_catalog.pg_roles where rolname = 'nd_auditor') then
        raise exception 'there is no role nd_auditor yet: run ndctl migrate --roles once more, as the superuser';
    end if;
end
$$;

-- Rows lie on disk in the order of their arrival, so a few bytes per 32 pages are enough to find an hour of them, and an insert costs
-- next to nothing. A B-tree would cost the hot path as much as the primary key does.
create index events_received on nd.events using brin (received_at) with (pages_per_range = 32, autosummarize = on);

-- A sum of nd.identity_hash (010) modulo 2^64, as a decimal: the order of the rows does not matter, and sums can be added and subtracted.
create function nd.digest_text(total numeric) returns text language sql immutable parallel safe as $$
    select mod(mod(coalesce(total, 0), 18446744073709551616) + 18446744073709551616, 18446744073709551616)::text
$$;

-- One look at the range for all tenants: asking tenant by tenant would read the same pages once for each. It belongs to nd_auditor, a
-- role that nobody can log in as and no program is a member of, which may read the columns of the identity and the time of arrival,
-- nothing else; and what leaves this function are sums. Whoever wants to see a row needs its tenant's context, as everywhere.
create policy audit on nd.events for select to nd_auditor using (true);
grant usage on schema nd to nd_auditor;
grant select (tenant_id, event_id, occurred_at, received_at) on nd.events to nd_auditor;

create function nd.audit_sums(in_from timestamptz, in_to timestamptz, in_tenant uuid)
returns table (tenant uuid, row_count bigint, digest text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set max_parallel_workers_per_gather = 0
    set enable_seqscan = off as $$
begin
    -- In two, so that the plan for one tenant may go by the primary key.
    if in_tenant is null then
        return query select e.tenant_id, count(*), nd.digest_text(sum(nd.identity_hash(e.tenant_id, e.occurred_at, e.event_id)))
                     from nd.events e where e.received_at >= in_from and e.received_at < in_to group by e.tenant_id;
    else
        return query select e.tenant_id, count(*), nd.digest_text(sum(nd.identity_hash(e.tenant_id, e.occurred_at, e.event_id)))
                     from nd.events e where e.received_at >= in_from and e.received_at < in_to and e.tenant_id = in_tenant
                     group by e.tenant_id;
    end if;
end
$$;

-- The tombstones that may concern what arrived at in_from or later, of all tenants: hashes, so that nobody learns who was erased.
create function nd.erasures_since(in_from timestamptz)
returns table (tenant uuid, user_hash bytea, hash_key bytea, erased_us bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select tenant_id, user_hash, hash_key, (extract(epoch from erased_at) * 1000000)::bigint
    from nd.erasures where erased_at >= in_from
$$;

grant execute on function nd.identity_hash, nd.digest_text to nd_operator, nd_auditor;
grant execute on function nd.audit_sums, nd.erasures_since to nd_operator;
-- A function can only be given to a role that may create in its schema, which nd_auditor may for this one statement.
grant create on schema nd to nd_auditor;
alter function nd.audit_sums owner to nd_auditor;
revoke create on schema nd from nd_auditor;
