select nd.erase_staging($1::uuid, $2::text, $3::bytea) as deleted
