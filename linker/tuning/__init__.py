"""Which blocking rules find most of the matches within a budget of candidate pairs."""
