"""A night's increment on an invented population: against a full run, and against Splink.

``python -m benchmarks.increment --records 1000000`` links a base, lets a delta arrive, and prints
what the increment took, what a full run and Splink's two calls take, and whether all agree.
"""
