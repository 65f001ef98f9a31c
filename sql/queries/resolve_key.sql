-- One key by its hash ($1 bytea), revoked and expired ones too: the edge says which it is. As nd_ingest, before any tenant is known.
select k.key_id, k.tenant_id, k.key_hash, k.environment, k.scopes, k.origins, k.browser_only,
       (extract(epoch from k.expires_at) * 1000000)::bigint as expires_us,
       k.revoked_at is not null as revoked, t.suspended_at is not null as tenant_suspended
from nd.api_keys k join nd.tenants t on t.tenant_id = k.tenant_id
where k.key_hash = $1::bytea
