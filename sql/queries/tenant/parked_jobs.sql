select j.job_id, s.page, j.reason, j.attempts, j.resent, j.way,
       to_char(j.changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
from nd.page_jobs j join nd.page_structures s using (tenant_id, model_fingerprint)
where j.tenant_id = $1::uuid and j.state = 'parked' order by j.changed_at, j.job_id limit $2::bigint
