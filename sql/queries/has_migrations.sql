-- A database that nobody has migrated yet has no table to ask.
select to_regclass('nd.migrations') is not null as present
