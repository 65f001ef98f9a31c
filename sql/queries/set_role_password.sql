-- What it stores is the SCRAM verifier that the client made: the password itself never reaches the server or its log.
do $$
begin
    execute format('alter role %I password %L', current_setting('nd.role'), current_setting('nd.verifier'));
end
$$
