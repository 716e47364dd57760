"""Benchmarks: a population generator with known answers, and what is measured on it."""
