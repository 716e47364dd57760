"""Which pairs of records people should look at, and what they said of them."""
