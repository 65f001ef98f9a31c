-- A batch that is being put together stays so until the end of the transaction; none when somebody has given it up.
select batch_ref from nd.page_batches
where tenant_id = $1::uuid and batch_ref = $2::uuid and state = 'preparing' for share
