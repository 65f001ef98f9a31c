-- Making a partition locks the default one. Waiting for a long reader, it would make every later writer of that partition wait too:
-- give up soon and try again instead.
set lock_timeout = '3s'
