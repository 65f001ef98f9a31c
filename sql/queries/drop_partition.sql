select nd.drop_events_partition($1::date) as dropped
