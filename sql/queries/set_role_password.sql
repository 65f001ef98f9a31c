-- What it stores is the SCRAM verifier that the client made: the password itself never reaches the server or its log.
-- One at a time in the whole cluster, as in roles.sql: two that change a role at once fail.
do $$
begin
    begin
        lock table pg_catalog.pg_authid in share row exclusive mode;
    exception
        when insufficient_privilege then
            null;
    end;
    execute format('alter role %I password %L', current_setting('nd.role'), current_setting('nd.verifier'));
end
$$
