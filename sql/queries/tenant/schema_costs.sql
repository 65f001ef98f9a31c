-- Of the month that $2 lies in.
select way, state, count(*) as calls, coalesce(sum(pages), 0) as pages, coalesce(sum(input_tokens), 0) as input_tokens,
       coalesce(sum(cached_tokens), 0) as cached_tokens, coalesce(sum(output_tokens), 0) as output_tokens,
       coalesce(sum(nano), 0) as nano, count(*) filter (where resends) as resends
from nd.model_calls where tenant_id = $1::uuid and month = date_trunc('month', $2::date)::date group by 1, 2 order by 1, 2
