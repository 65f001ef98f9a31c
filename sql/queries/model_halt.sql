-- Why nothing is asked of the model until an operator has acted; "" when nothing stands in the way.
select case when halted_at is null then '' else reason end as reason from nd.model_halt
