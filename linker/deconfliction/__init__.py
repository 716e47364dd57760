"""Entities and investigations: who is, was or may have been looked at, and by whom."""
