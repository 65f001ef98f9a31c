select to_char(w, 'YYYY-MM-DD') as monday from nd.events_weeks() w order by 1
