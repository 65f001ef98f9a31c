select key_id, environment, scopes, origins, browser_only, prefix, last4, rotated_from,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as expires_at,
       to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as revoked_at,
       to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_used_at,
       case when revoked_at is not null then 'revoked' when expires_at <= now() then 'expired' else 'active' end as state
from nd.api_keys
where tenant_id = $1::uuid
order by key_id
