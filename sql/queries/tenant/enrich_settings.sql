select coalesce(max(min_sessions), 2) as min_sessions, max(month_nano) as month_nano from nd.enrich_settings
where tenant_id = $1::uuid
