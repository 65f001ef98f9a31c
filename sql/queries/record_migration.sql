insert into nd.migrations (number, name, sha256) values ($1::integer, $2::text, decode($3::text, 'hex'))
