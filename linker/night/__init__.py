"""A night: the stages of the nightly link, each from what the one before left."""
