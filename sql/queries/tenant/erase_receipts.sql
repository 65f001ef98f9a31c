select nd.erase_receipts($1::uuid, $2::bytea) as marked
