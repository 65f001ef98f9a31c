create table if not exists nd.migrations (
    number integer primary key,
    name text not null,
    sha256 bytea not null check (octet_length(sha256) = 32),
    applied_at timestamptz not null default now(),
    applied_by text not null default session_user
)
