"""Intake: what is new, changed and gone in the sources, standardised."""
