-- $2: the first halves of the sessions' hashes, in hexadecimal.
select nd.unlink_sessions($1::uuid, array(select decode(h, 'hex') from unnest($2::text[]) h)) as texts
