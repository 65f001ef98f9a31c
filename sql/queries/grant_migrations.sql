-- What is applied is no secret: doctor looks as the operator too.
grant select on nd.migrations to nd_operator
