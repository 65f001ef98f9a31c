select tenant_id::text as tenant_id, name, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       to_char(suspended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as suspended_at
from nd.tenants
order by created_at, name
