-- All tenants together, in the month that $1 lies in.
select coalesce(sum(nano), 0) as nano from nd.model_spend where month = date_trunc('month', $1::date)::date
