select nd.make_events_partition($1::date) as moved
