-- How many of a request's accepted events (its places below $2) are in each state; the rest is pending.
with places as (
    select coalesce(range_agg(stored), '{}') as stored, coalesce(range_agg(dead), '{}') as dead,
           coalesce(range_agg(erased), '{}') as erased, int4multirange(int4range(0, $2::int)) as accepted
    from nd.receipts where request_id = $1::uuid
), states as (
    select accepted * erased as erased, accepted * (stored - erased) as stored, accepted * (dead - stored - erased) as dead from places
)
select (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(stored) r) as stored,
       (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(dead) r) as dead,
       (select coalesce(sum(upper(r) - lower(r)), 0) from unnest(erased) r) as erased
from states
