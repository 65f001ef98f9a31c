-- Locked, so that two rotations of one key make one successor each from what the other left.
select environment, scopes, origins, browser_only,
       (select max(s.key_id) from nd.api_keys s where s.tenant_id = k.tenant_id and s.rotated_from = k.key_id) as successor,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as expires_at,
       case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state
from nd.api_keys k
where tenant_id = $1::uuid and key_id = $2::bigint
for update
