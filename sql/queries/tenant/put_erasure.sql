insert into nd.erasures as e (tenant_id, user_hash, hash_key, erased_at) values ($1::uuid, $2::bytea, $3::bytea, clock_timestamp())
on conflict (tenant_id, user_hash) do update set hash_key = excluded.hash_key, erased_at = greatest(e.erased_at, excluded.erased_at)
returning to_char(erased_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as erased_at
