"""Scoring: candidate pairs in, match weights out."""
