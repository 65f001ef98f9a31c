-- DO takes no parameters: the values wait in settings of this transaction for set_role_password.sql.
select set_config('nd.role', $1::text, true), set_config('nd.verifier', $2::text, true)
