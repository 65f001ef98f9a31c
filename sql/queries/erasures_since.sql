-- The tombstones of all tenants that may concern what arrived at $1 or later; an empty hash is the whole tenant's.
select tenant, user_hash, hash_key, erased_us from nd.erasures_since($1::timestamptz)
