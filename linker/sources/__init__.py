"""Sources: files of rows in, rows of canonical fields and quarantined rows out."""
