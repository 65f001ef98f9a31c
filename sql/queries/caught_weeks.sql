select to_char(w, 'YYYY-MM-DD') as monday from nd.events_weeks_caught() w order by 1
