-- What an erasure would remove now. $1 null: of the whole tenant.
select count(*) as rows from nd.events where $1::text is null or user_id = $1::text
