-- How many statements of this role began at or before the instant (microseconds since 1970) and still run: as nd_writer, the writers and
-- replays that may not have seen a tombstone of that instant. A role sees its own sessions without any further right.
select count(*) as running, coalesce(max(pid), 0) as pid from pg_catalog.pg_stat_activity
where usename = session_user and datname = current_database() and pid <> pg_backend_pid()
  and state is distinct from 'idle' and least(query_start, xact_start) <= to_timestamp($1::bigint / 1000000.0)
