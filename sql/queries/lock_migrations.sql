-- One migration at a time. Held by the session: a pooler in transaction mode would lose it, hence the direct URL.
select pg_try_advisory_lock(7310882) as locked
