"""Estimating, judging and versioning linkage models."""
