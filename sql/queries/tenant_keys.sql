-- The keys of one tenant ($1 uuid) that can be used now: what the edge reads again after a notification.
select k.key_id, k.tenant_id, k.key_hash, k.environment, k.scopes, k.origins, k.browser_only,
       (extract(epoch from k.expires_at) * 1000000)::bigint as expires_us,
       k.revoked_at is not null as revoked, t.suspended_at is not null as tenant_suspended
from nd.api_keys k join nd.tenants t on t.tenant_id = k.tenant_id
where k.tenant_id = $1::uuid and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
