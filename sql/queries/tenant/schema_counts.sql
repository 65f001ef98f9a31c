-- What there is of a tenant's pages, and how far asking about them is.
select (select count(*) from nd.page_versions where tenant_id = $1::uuid) as versions,
       (select count(distinct page) from nd.page_versions where tenant_id = $1::uuid) as pages,
       count(*) filter (where state = 'done') as enriched, count(*) filter (where state = 'queued') as queued,
       count(*) filter (where state in ('sending', 'batched')) as asked, count(*) filter (where state = 'parked') as parked,
       count(*) filter (where state = 'queued' and reason like 'budget:%') as without_budget
from nd.page_jobs where tenant_id = $1::uuid
