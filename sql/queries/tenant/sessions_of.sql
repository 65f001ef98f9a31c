-- The sessions in which a person's events happened, as far as they are here.
select distinct session_id from nd.events where user_id = $1::text and session_id is not null
