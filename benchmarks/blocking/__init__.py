"""Blocking rules tuned by a budget, against those that ship and a hand-written Splink set."""
