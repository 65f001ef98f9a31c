-- What arrived from $1 until before $2, per tenant, of one ($3) or of all (null): how many events, and the digest of their identities.
select tenant, row_count, digest from nd.audit_sums($1::timestamptz, $2::timestamptz, $3::uuid)
