"""Blocking: mentions to keys, keys to candidate pairs, within a budget."""
