-- Long work of ndctl (replay, import) that survives its process, and a table to replay into for comparison.

-- What was asked for, and who works on it. A job whose beat is old has no process any more: another may take it over.
create table nd.jobs (
    job_id bigint generated always as identity primary key,
    kind text not null check (kind in ('replay', 'import')),
    spec jsonb not null,
    state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
    runner text not null,
    created_at timestamptz not null default now(),
    beat_at timestamptz not null default now(),
    ended_at timestamptz
);

-- How far each part of it is: a partition's offsets, or a file's lines. `written` moves in the transaction of the rows that it counts,
-- everything else with next_at, so that after a crash written is what this job wrote, and read is what it need not read again.
create table nd.job_parts (
    job_id bigint not null references nd.jobs,
    part int not null check (part >= 0),
    begin_at bigint not null,
    end_at bigint,  -- null: nobody knows before it is there
    next_at bigint not null,
    read bigint not null default 0,
    written bigint not null default 0,
    dead bigint not null default 0,
    erased bigint not null default 0,
    expired bigint not null default 0,
    log_digest numeric not null default 0,    -- of what was read, by the program
    table_digest numeric not null default 0,  -- of the rows that are there for it, by nd.identity_hash
    primary key (job_id, part)
);
grant select, insert, update (state, runner, beat_at, ended_at) on nd.jobs to nd_writer;
grant select, insert, update (end_at, next_at, read, written, dead, erased, expired, log_digest, table_digest) on nd.job_parts
    to nd_writer;

-- The same shape and the same policy as nd.events; not partitioned, because it is emptied as a whole.
create table nd.events_staging (like nd.events including all);
alter table nd.events_staging enable row level security, force row level security;
create policy tenant on nd.events_staging
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));
grant select, insert on nd.events_staging to nd_writer;
grant select on nd.events_staging to nd_operator;

-- Both sides of a comparison add this up, modulo 2^64. Functions of hash partitioning, which stay the same from version to version;
-- sha256 of the three took eight times as long. ops/identity_digest.cpp is the other side's.
create function nd.identity_hash(tenant uuid, occurred timestamptz, event uuid) returns bigint language sql immutable parallel safe as $$
    select uuid_hash_extended(event, uuid_hash_extended(tenant, timestamp_hash_extended(timezone('UTC', occurred), 0)))
$$;

-- Raises ND010 unless the job runs and this runner has it. A transaction that a cancel or another runner overtakes by a hair does no
-- harm: its rows are counted where they are written, and a part moves from where it stands or not at all.
create function nd.hold_job(in_job bigint, in_runner text) returns void language plpgsql as $$
begin
    perform from nd.jobs where job_id = in_job and runner = in_runner and state = 'running';
    if not found then
        raise exception 'job % was cancelled, or another process works on it', in_job using errcode = 'ND010';
    end if;
end
$$;

-- Moves a part from `expected` on. Durable on return, with everything that was committed before it.
create function nd.advance_job(in_job bigint, in_runner text, in_part int, expected bigint, next bigint, in_read bigint,
                               in_dead bigint, in_erased bigint, in_expired bigint, in_log_digest numeric, in_table_digest numeric)
returns void language plpgsql as $$
begin
    perform nd.hold_job(in_job, in_runner);
    if current_setting('synchronous_commit') = 'off' then
        perform set_config('synchronous_commit', 'on', true);
    end if;
    update nd.job_parts set next_at = next, read = read + in_read, dead = dead + in_dead, erased = erased + in_erased,
        expired = expired + in_expired, log_digest = mod(log_digest + in_log_digest, 18446744073709551616),
        table_digest = mod(table_digest + in_table_digest, 18446744073709551616)
    where job_id = in_job and part = in_part and next_at = expected;
    if not found then
        raise exception 'part % of job % does not stand at %', in_part, in_job, expected using errcode = 'ND010';
    end if;
end
$$;
