"""The benchmark of bulk lookups: a file of targets against a store, and the same one by one."""
