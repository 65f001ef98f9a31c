select number, name, encode(sha256, 'hex') as sha256,
       to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"Z"') as applied_at
from nd.migrations order by number
