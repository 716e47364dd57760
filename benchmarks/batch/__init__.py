"""The whole of a batch, blocking and scoring, against Splink on the same data, model and rules.

``python -m benchmarks.batch --records 1000000`` prints what both took, and that they agree.
"""
