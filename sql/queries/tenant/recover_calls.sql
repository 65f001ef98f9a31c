select nd.recover_calls($1::uuid) as lost
