-- Pages do not stay for ever: what nobody has loaded for long goes, and so does what leads from a page to an erased person.

-- What follows deletes, which no program's role may: as the owner, in the context of the one tenant that is set.

-- What nobody has loaded since `before`, at most `most` rows of each kind; what is being asked about stays. The ledger stays, too: it has
-- no text.
create function nd.prune_pages(in_tenant uuid, before timestamptz, most int, out versions bigint, out texts bigint, out structures bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    delete from nd.page_versions v using (
        select fingerprint from nd.page_versions where tenant_id = in_tenant and last_seen < before limit most) old
    where v.tenant_id = in_tenant and v.fingerprint = old.fingerprint;
    get diagnostics versions = row_count;
    delete from nd.page_texts t using (
        select text_key from nd.page_texts where tenant_id = in_tenant and seen_on < (before at time zone 'UTC')::date limit most) old
    where t.tenant_id = in_tenant and t.text_key = old.text_key;
    get diagnostics texts = row_count;
    -- Its job goes with it.
    delete from nd.page_structures s using (
        select o.model_fingerprint from nd.page_structures o
        where o.tenant_id = in_tenant and o.made_at < before
          and not exists (select from nd.page_versions v where v.tenant_id = in_tenant and v.model_fingerprint = o.model_fingerprint)
          and not exists (select from nd.page_jobs j where j.tenant_id = in_tenant and j.model_fingerprint = o.model_fingerprint
                          and j.state in ('sending', 'batched'))
        limit most) old
    where s.tenant_id = in_tenant and s.model_fingerprint = old.model_fingerprint;
    get diagnostics structures = row_count;
    delete from nd.page_batches where tenant_id = in_tenant and ended_at < before;
end
$$;

-- These sessions (the first halves of their hashes) have met no text any more; how many texts that concerns.
create function nd.unlink_sessions(in_tenant uuid, in_sessions bytea[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    changed bigint;
begin
    update nd.page_texts set sessions = array(select s from unnest(sessions) s where s <> all (in_sessions))
    where tenant_id = in_tenant and sessions && in_sessions;
    get diagnostics changed = row_count;
    return changed;
end
$$;

-- All of a tenant's pages, and what the model said of them; how many versions that were. A call under way finds no job at its end, and
-- is booked as ever.
create function nd.erase_pages(in_tenant uuid) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone bigint;
begin
    delete from nd.page_versions where tenant_id = in_tenant;
    get diagnostics gone = row_count;
    delete from nd.page_texts where tenant_id = in_tenant;
    delete from nd.page_structures where tenant_id = in_tenant;
    return gone;
end
$$;

grant execute on function nd.prune_pages, nd.unlink_sessions, nd.erase_pages to nd_operator;
