truncate nd.events_staging
