-- Records that keys ($1 bigint[]) were used just now; those noted within the last minute are left alone, and so are those that
-- another front end is writing at this moment. The policy on nd.api_keys holds the minute whatever is asked here.
with due as (
    select tenant_id, key_id from nd.api_keys
    where key_id = any ($1::bigint[]) and (last_used_at is null or last_used_at <= now() - interval '1 minute')
    order by key_id for no key update skip locked)
update nd.api_keys k set last_used_at = now() from due where k.tenant_id = due.tenant_id and k.key_id = due.key_id
