-- Tenants in bulk, each with one key, for `ndctl tenant create --count`: a transaction of the client's own per tenant would wait for
-- the disk each time. The caller's rights and the policies apply, so the context is set for each key; a few hundred per call keep
-- the versions of control_version's one row few. key_hashes null: tenants without keys. Answers the ids in the order of the names.

create function nd.register_tenants(names text[], key_hashes bytea[], prefixes text[], last4s text[], key_environment text,
                                    key_scopes text[]) returns uuid[] language plpgsql as $$
declare
    ids uuid[];
begin
    if key_hashes is not null and (cardinality(names) <> cardinality(key_hashes) or cardinality(names) <> cardinality(prefixes)
                                   or cardinality(names) <> cardinality(last4s)) then
        raise exception 'names and keys do not add up' using errcode = 'ND001';
    end if;
    select array_agg(gen_random_uuid()) into ids from unnest(names);
    insert into nd.tenants (tenant_id, name) select t.id, t.name from unnest(ids, names) as t(id, name);
    for i in 1 .. coalesce(cardinality(key_hashes), 0) loop
        perform set_config('app.tenant_id', ids[i]::text, true);
        insert into nd.api_keys (tenant_id, key_hash, environment, scopes, prefix, last4)
        values (ids[i], key_hashes[i], key_environment, key_scopes, prefixes[i], last4s[i]);
    end loop;
    return ids;
end
$$;
grant execute on function nd.register_tenants(text[], bytea[], text[], text[], text, text[]) to nd_operator;
