update nd.model_halt set halted_at = now(), reason = $1::text where halted_at is null
