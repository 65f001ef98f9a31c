-- As the owner, whose policy shows only what has expired. A slice at a time: no lock and no transaction lasts long.
delete from nd.receipts r using (
    select tenant_id, request_id, user_hash, received_at from nd.receipts
    where received_at < now() - interval '100 days' limit $1::int
) old
where r.tenant_id = old.tenant_id and r.request_id = old.request_id and r.user_hash = old.user_hash and r.received_at = old.received_at
