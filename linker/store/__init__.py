"""The store: the warehouse that remembers, and the generations that are read."""
