select id::text as tenant_id
from unnest(nd.register_tenants($1::text[], $2::bytea[], $3::text[], $4::text[], $5::text, $6::text[]))
     with ordinality as t(id, place)
order by place
