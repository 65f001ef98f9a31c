-- Which roles in which database of which running server a connection has: what the isolation check found for one connection holds
-- for every other of the same place.
select json_build_array(session_user, current_user, current_database(), pg_postmaster_start_time())::text as place
