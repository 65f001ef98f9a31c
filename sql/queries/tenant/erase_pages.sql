select nd.erase_pages($1::uuid) as versions
