-- Whether the tenant has a page of this structure: the fingerprint of the edge.
select exists (select from nd.page_versions where fingerprint = $1::bytea) as known
