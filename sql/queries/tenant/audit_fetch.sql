fetch forward 10000 from audit_rows
