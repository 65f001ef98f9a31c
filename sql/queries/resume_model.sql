update nd.model_halt set halted_at = null, reason = '' where halted_at is not null
