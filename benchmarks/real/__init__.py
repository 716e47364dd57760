"""Accuracy on public data sets with known answers, measured through the product's own commands."""
