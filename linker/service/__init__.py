"""``linker serve``: a published generation, asked over HTTP by people who have a token."""
