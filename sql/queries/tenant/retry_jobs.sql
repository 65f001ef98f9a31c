-- Parked ones, of one page when $2 names it; and what waits for a budget looks at it again.
update nd.page_jobs j
set state = 'queued', attempts = 0, smaller = false, resent = 0, next_try = now(), reason = '', changed_at = now()
from nd.page_structures s
where j.tenant_id = $1::uuid and s.tenant_id = j.tenant_id and s.model_fingerprint = j.model_fingerprint
  and (j.state = 'parked' or (j.state = 'queued' and j.reason like 'budget:%')) and ($2::text is null or s.page = $2::text)
