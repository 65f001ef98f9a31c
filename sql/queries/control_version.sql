-- Moves with every change of a tenant, a key or a limit (not with a key's last use).
select version from nd.control_version
