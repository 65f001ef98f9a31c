-- Before migrations and partitions: nd_migrate inherits nothing from the owner, so that only this makes it one.
set role nd_owner
